import { Module } from '@nestjs/common';
import { BrandsModule } from '../brands/brands.module.js';
import { RestrictionsService } from './restrictions.service.js';
import { TenantRestrictionsController } from './tenant-restrictions.controller.js';
import { TenantRestrictionsService } from './tenant-restrictions.service.js';
import { TenantsController } from './tenants.controller.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [BrandsModule],
  controllers: [TenantsController, TenantRestrictionsController],
  providers: [TenantsService, RestrictionsService, TenantRestrictionsService],
  exports: [TenantsService, RestrictionsService],
})
export class TenantsModule {}
