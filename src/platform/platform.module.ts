import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule, Reflector } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { AccessGuard } from './access/access.guard.js';
import { RouteAudit } from './access/route-audit.js';
import { Clock } from './config/clock.js';
import { ConfigModule } from './config/config.module.js';
import type { ControlPlaneConfiguration } from './config/configuration.js';
import { Keys } from './config/keys.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { Answers } from './repetition/answers.js';
import { IdempotencyInterceptor } from './repetition/idempotency.interceptor.js';
import { Paging } from './http/paging.js';
import { ProblemFilter } from './http/problem.filter.js';
import { validationPipe } from './http/validation.js';
import { Houses } from './tenancy/houses.js';

/** The floor: knows no feature. The first interceptor is the outermost, so that answers are kept as they are sent. */
@Global()
@Module({})
export class PlatformModule {
  static with(configuration: ControlPlaneConfiguration): DynamicModule {
    return {
      module: PlatformModule,
      imports: [ConfigModule.with(configuration), DatabaseModule, EventsModule, DiscoveryModule],
      providers: [
        Clock,
        Keys,
        Paging,
        Answers,
        Houses,
        RouteAudit,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useValue: validationPipe },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        {
          provide: APP_INTERCEPTOR,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new StandardSchemaSerializerInterceptor(reflector),
        },
      ],
      exports: [Clock, Keys, Paging, Houses, RouteAudit],
    };
  }
}
