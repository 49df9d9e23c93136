import { Injectable } from '@nestjs/common';
import { TenantDb } from '../platform/database/tenant-db.js';
import type { Restrict, RestrictionCause, RestrictionList } from './restrictions.schemas.js';
import { RestrictionsService } from './restrictions.service.js';
import { TenantsService } from './tenants.service.js';

/** What a reseller does to a whole tenant: restricting it is not the tenant's own to do or undo. */
@Injectable()
export class TenantRestrictionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly tenants: TenantsService,
    private readonly restrictions: RestrictionsService,
  ) {}

  async list(tenantId: string): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.tenants.require(tenantId);
      return { items: await this.restrictions.listInForce(tenantId) };
    });
  }

  async place(tenantId: string, cause: RestrictionCause, wish: Restrict): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.restrictions.place({ level: 'tenant', subjectId: tenantId, cause, ...wish });
      return this.list(tenantId);
    });
  }

  async lift(tenantId: string, cause: RestrictionCause): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.tenants.require(tenantId);
      await this.restrictions.lift({ subjectId: tenantId, cause });
      return this.list(tenantId);
    });
  }
}
