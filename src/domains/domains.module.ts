import { Module } from '@nestjs/common';
import { BrandsModule } from '../brands/brands.module.js';
import { Configuration } from '../platform/config/config.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { BrandDomainsController } from './brand-domains.controller.js';
import { ChecksService } from './checks/checks.service.js';
import { ClaimsSweep } from './checks/claims.sweep.js';
import { DomainRecordsService } from './checks/domain-records.service.js';
import { DomainResolver, resolverFor } from './checks/domain-resolver.js';
import { ClaimableNames } from './claims/claimable-names.js';
import { ClaimsService } from './claims/claims.service.js';
import { DomainOwners } from './claims/domain-owners.js';
import { DomainsController } from './domains.controller.js';
import { DomainsService } from './domains.service.js';
import { DomainRestrictionsController } from './restrictions/domain-restrictions.controller.js';
import { DomainRestrictionsService } from './restrictions/domain-restrictions.service.js';

@Module({
  imports: [BrandsModule, TenantsModule],
  controllers: [DomainsController, BrandDomainsController, DomainRestrictionsController],
  providers: [
    DomainOwners,
    ClaimableNames,
    ClaimsService,
    DomainsService,
    DomainRestrictionsService,
    DomainRecordsService,
    ChecksService,
    ClaimsSweep,
    { provide: DomainResolver, inject: [Configuration], useFactory: resolverFor },
  ],
  exports: [DomainsService, ClaimsService, DomainRecordsService, ChecksService],
})
export class DomainsModule {}
