import { Injectable } from '@nestjs/common';
import type { DomainName } from '#libs/address';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/config/clock.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { Domain } from '../domain.entity.js';
import { requireDomain } from '../domain-rows.js';
import { showDomain } from '../domain-view.js';
import { refuse } from '../domains.errors.js';
import type { ClaimDomain, DomainView } from '../domains.schemas.js';
import { ClaimableNames } from './claimable-names.js';
import { judgeHolders } from './domain-holders.js';
import { accountOf, type DomainOwner, DomainOwners } from './domain-owners.js';

/** Claims are cheap and inert: several accounts may claim one name, and none of them gains anything by it. */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly db: TenantDb,
    private readonly names: ClaimableNames,
    private readonly owners: DomainOwners,
    private readonly clock: Clock,
  ) {}

  /** For the tenant in scope or, in a reseller's scope, for its brand of that id. */
  async claim(wish: ClaimDomain, brandId?: string): Promise<DomainView> {
    const name = this.names.require(wish.name);
    return this.db.transaction(async (db) => {
      const owner = await this.owners.require(brandId);
      this.names.refuseReserved(name, owner);
      const held = await judgeHolders(db, name, accountOf(owner));
      if (held) throw refuse[held]();
      const domainId = await this.insert(db, name, owner);
      if (domainId === null) throw refuse.alreadyClaimed();
      return showDomain(await requireDomain(db, domainId));
    });
  }

  /** Null when the account has a live claim on the name. */
  private async insert(db: EntityManager, name: DomainName, owner: DomainOwner): Promise<string | null> {
    const now = this.clock.now();
    const { tenantId, brandId } = owner;
    const added = await db
      .createQueryBuilder()
      .insert()
      .into(Domain)
      .values({ id: uuidv7(), tenantId, brandId, name, state: 'claimed', createdAt: now, updatedAt: now })
      .orIgnore()
      .returning('id')
      .updateEntity(false)
      .execute();
    const [row] = added.raw as { id: string }[];
    return row?.id ?? null;
  }
}
