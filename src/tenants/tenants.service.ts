import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { BrandsService } from '../brands/brands.service.js';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { Tenant } from './tenant.entity.js';
import type { ChangeTenant, OpenTenant, TenantView } from './tenants.schemas.js';

@Injectable()
export class TenantsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
    private readonly brands: BrandsService,
  ) {}

  /** In a reseller's scope. Seats come with it by way of TenantOpening. */
  async open(wish: OpenTenant): Promise<TenantView> {
    return this.db.transaction(async (db) => {
      const brand = await this.brands.require(wish.brandId);
      const now = this.clock.now();
      const tenant = { id: uuidv7(), ...wish, brandId: brand.id, createdAt: now, updatedAt: now };
      await db.insert(Tenant, tenant);
      return show(tenant);
    });
  }

  async require(tenantId: string): Promise<TenantView> {
    return this.db.transaction(async (db) => {
      const tenant = await db.findOneBy(Tenant, { id: tenantId });
      if (!tenant) throw refuse.notFound();
      return show(tenant);
    });
  }

  async change(tenantId: string, wish: ChangeTenant): Promise<TenantView> {
    return this.db.transaction(async (db) => {
      await this.require(tenantId);
      await db.update(Tenant, { id: tenantId }, { ...wish, updatedAt: this.clock.now() });
      return this.require(tenantId);
    });
  }

  async list(wish: PageWish): Promise<Page<TenantView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'tenants', 1) ?? [];
      const query = db
        .createQueryBuilder(Tenant, 'tenant')
        .orderBy('tenant.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.where('tenant.id > :after', { after });
      return this.paging.page(wish, 'tenants', await query.getMany(), (row) => [row.id], show);
    });
  }
}

const show = (tenant: Tenant): TenantView => ({
  id: tenant.id,
  name: tenant.name,
  contactEmail: tenant.contactEmail,
  brandId: tenant.brandId,
  createdAt: tenant.createdAt.toISOString(),
});
