import {
  type DynamicModule,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AddressesModule } from './addresses/addresses.module.js';
import { AppPasswordsModule } from './app-passwords/app-passwords.module.js';
import { BrandsModule } from './brands/brands.module.js';
import { DomainsModule } from './domains/domains.module.js';
import { MailboxesModule } from './mailboxes/mailboxes.module.js';
import { PlansModule } from './plans/plans.module.js';
import { SeatsModule } from './seats/seats.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { ZonesModule } from './zones/zones.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { MailEventsModule } from './mail-events/mail-events.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { PeopleModule } from './people/people.module.js';
import type { ControlPlaneConfiguration } from './platform/config/configuration.js';
import { PlatformModule } from './platform/platform.module.js';
import { RequestEdge } from './platform/tenancy/request-edge.js';
import { ResellersModule } from './resellers/resellers.module.js';

/** The rooms of the house, in reading order: calls go down from the last to the first. */
const ROOMS = [
  ResellersModule,
  BrandsModule,
  PlansModule,
  TenantsModule,
  SeatsModule,
  PeopleModule,
  ApiKeysModule,
  IdentityModule,
  DomainsModule,
  ZonesModule,
  AddressesModule,
  MailboxesModule,
  AppPasswordsModule,
  NoticesModule,
  MailEventsModule,
];

/** What web, worker and the command line have in common; each adds its own surface. */
@Module({})
export class AppModule implements NestModule {
  static with(configuration: ControlPlaneConfiguration, ...surfaces: readonly Type[]): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.with(configuration), ...ROOMS, ...surfaces] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestEdge).forRoutes('{*any}');
  }
}
