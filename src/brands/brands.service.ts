import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { call } from '../platform/database/doors.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { Events } from '../platform/events/events.js';
import { refuse as refuseRequest } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { requireTenantScope } from '../platform/tenancy/scope.js';
import { Brand } from './brand.entity.js';
import { refuse } from './brands.errors.js';
import type { BrandView, ChangeBrand, CreateBrand } from './brands.schemas.js';
import { brandMade } from './brands.events.js';
import { HostsService } from './hosts.service.js';

@Injectable()
export class BrandsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
    private readonly hosts: HostsService,
    private readonly events: Events,
  ) {}

  async create(wish: CreateBrand): Promise<BrandView> {
    return this.db.transaction(async (db) => {
      this.hosts.refuseReserved(wish.zoneName);
      await refuseNearZone(db, wish.zoneName);
      const now = this.clock.now();
      const brand = { id: uuidv7(), ...wish, createdAt: now, updatedAt: now };
      await db.insert(Brand, brand);
      await this.hosts.ensure(brand.id, { name: wish.mailHost, purpose: 'mail' });
      await this.events.record(db, brandMade, { brandId: brand.id });
      return show(brand);
    });
  }

  async require(brandId: string): Promise<BrandView> {
    return this.db.transaction(async (db) => {
      const brand = await db.findOneBy(Brand, { id: brandId });
      if (!brand) throw refuseRequest.notFound();
      return show(brand);
    });
  }

  /** The brand of the tenant in scope. */
  async requireForTenant(): Promise<BrandView> {
    const { tenantId } = requireTenantScope();
    return this.db.transaction(async (db) => {
      const brand = await db
        .createQueryBuilder(Brand, 'brand')
        .where('brand.id = (select t.brand_id from tenant t where t.id = :tenantId)', { tenantId })
        .getOne();
      if (!brand) throw refuseRequest.notFound();
      return show(brand);
    });
  }

  /** A former mail host stays the brand's until it is removed: programs are still set to it. */
  async change(brandId: string, wish: ChangeBrand): Promise<BrandView> {
    return this.db.transaction(async (db) => {
      await this.require(brandId);
      if (wish.mailHost !== undefined)
        await this.hosts.ensure(brandId, { name: wish.mailHost, purpose: 'mail' });
      await db.update(Brand, { id: brandId }, { ...wish, updatedAt: this.clock.now() });
      return this.require(brandId);
    });
  }

  async list(wish: PageWish): Promise<Page<BrandView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'brands', 1) ?? [];
      const query = db
        .createQueryBuilder(Brand, 'brand')
        .orderBy('brand.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.where('brand.id > :after', { after });
      return this.paging.page(wish, 'brands', await query.getMany(), (row) => [row.id], show);
    });
  }
}

/** One at a time: two overlapping zones made at once would not see each other. */
const refuseNearZone = async (db: EntityManager, zoneName: string): Promise<void> => {
  await db.query(`select pg_advisory_xact_lock(hashtext('brand.zone_name'))`);
  const near = await db.query<{ brand_id: string }[]>(call('zones_near', 1), [zoneName]);
  if (near.length > 0) throw refuse.nameTaken();
};

const show = (brand: Brand): BrandView => ({
  id: brand.id,
  name: brand.name,
  supportEmail: brand.supportEmail,
  mailHost: brand.mailHost,
  zoneName: brand.zoneName,
  createdAt: brand.createdAt.toISOString(),
});
