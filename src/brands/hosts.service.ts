import { Injectable } from '@nestjs/common';
import { judgeClaimable, requireDomainName } from '#libs/address';
import { IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { Configuration } from '../platform/config/config.module.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as refuseRequest } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { Brand } from './brand.entity.js';
import { refuse } from './brands.errors.js';
import { Host } from './host.entity.js';
import type { AddHost, HostView } from './hosts.schemas.js';

/** The names that a brand itself answers to. */
@Injectable()
export class HostsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
    private readonly configuration: Configuration,
  ) {}

  /** A name that the brand has already for the same purpose is answered as it is. */
  async ensure(brandId: string, wish: AddHost): Promise<HostView> {
    return this.db.transaction(async (db) => {
      await this.requireBrand(brandId);
      this.refuseReserved(wish.name);
      const host = { id: uuidv7(), brandId, tenantId: null, state: 'live', ...wish } as const;
      await db
        .createQueryBuilder()
        .insert()
        .into(Host)
        .values({ ...host, createdAt: this.clock.now() })
        .orIgnore()
        .updateEntity(false)
        .execute();
      const held = await db.findOneBy(Host, { brandId, tenantId: IsNull(), ...wish });
      // The name is somebody else's when it is there and we do not see it.
      if (!held) throw refuse.nameTaken();
      return show(held);
    });
  }

  async list(brandId: string, wish: PageWish): Promise<Page<HostView>> {
    return this.db.transaction(async (db) => {
      await this.requireBrand(brandId);
      const [after] = this.paging.read(wish, 'hosts', 1) ?? [];
      const query = db
        .createQueryBuilder(Host, 'host')
        .where('host.brand_id = :brandId and host.tenant_id is null', { brandId })
        .orderBy('host.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.andWhere('host.id > :after', { after });
      return this.paging.page(wish, 'hosts', await query.getMany(), (row) => [row.id], show);
    });
  }

  async remove(brandId: string, hostId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const brand = await this.requireBrand(brandId);
      const host = await db.findOneBy(Host, { id: hostId, brandId, tenantId: IsNull() });
      if (!host) throw refuseRequest.notFound();
      if (host.name === brand.mailHost) throw refuse.hostInUse();
      await db.delete(Host, { id: hostId });
    });
  }

  /** Refuses names that cannot be a brand's at all. */
  refuseReserved(name: string): void {
    if (name === this.configuration.OPERATOR_HOST) throw refuse.nameTaken();
    const allowSpecial = this.configuration.CLAIMABLE_SPECIAL_NAMES;
    const judgement = judgeClaimable(requireDomainName(name), { allowSpecial });
    if (judgement.ok) return;
    throw judgement.reason === 'public-suffix' ? refuse.publicSuffix() : refuse.specialUse();
  }

  private async requireBrand(brandId: string): Promise<Brand> {
    return this.db.transaction(async (db) => {
      const brand = await db.findOneBy(Brand, { id: brandId });
      if (!brand) throw refuseRequest.notFound();
      return brand;
    });
  }
}

const show = (host: Host): HostView => ({
  id: host.id,
  name: host.name,
  purpose: host.purpose,
  state: host.state,
  createdAt: host.createdAt.toISOString(),
});
