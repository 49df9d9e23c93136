import { Module } from '@nestjs/common';
import { PlansModule } from '../plans/plans.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { SeatLedgerService } from './seat-ledger.service.js';
import { SeatsController } from './seats.controller.js';
import { SeatsService } from './seats.service.js';
import { TenantOpeningController } from './tenant-opening.controller.js';
import { TenantOpeningService } from './tenant-opening.service.js';

@Module({
  imports: [PlansModule, TenantsModule],
  controllers: [SeatsController, TenantOpeningController],
  providers: [SeatsService, SeatLedgerService, TenantOpeningService],
  exports: [SeatsService, TenantOpeningService],
})
export class SeatsModule {}
