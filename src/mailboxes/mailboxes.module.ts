import { Module } from '@nestjs/common';
import { AddressesModule } from '../addresses/addresses.module.js';
import { BrandsModule } from '../brands/brands.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PlansModule } from '../plans/plans.module.js';
import { SeatsModule } from '../seats/seats.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { MailboxClosingService } from './lifecycle/mailbox-closing.service.js';
import { MailboxOpeningService } from './lifecycle/mailbox-opening.service.js';
import { MailboxPurgeService } from './lifecycle/mailbox-purge.service.js';
import { MailboxPurgeSweep } from './lifecycle/mailbox-purge.sweep.js';
import { MailboxEntitlementsService } from './mailbox-entitlements.service.js';
import { MailboxPasswordService } from './mailbox-password.service.js';
import { MailboxSwitchesService } from './mailbox-switches.service.js';
import { MailboxesController } from './mailboxes.controller.js';
import { MailboxesService } from './mailboxes.service.js';
import { QuotaWarningsService } from './quotas/quota-warnings.service.js';

@Module({
  imports: [AddressesModule, BrandsModule, PeopleModule, PlansModule, SeatsModule, TenantsModule],
  controllers: [MailboxesController],
  providers: [
    MailboxesService,
    MailboxOpeningService,
    MailboxClosingService,
    MailboxPurgeService,
    MailboxPurgeSweep,
    MailboxPasswordService,
    MailboxSwitchesService,
    MailboxEntitlementsService,
    QuotaWarningsService,
  ],
  exports: [MailboxesService, MailboxOpeningService, MailboxClosingService],
})
export class MailboxesModule {}
