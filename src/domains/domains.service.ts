import { Injectable } from '@nestjs/common';
import { type DomainName, requireDomainName } from '#libs/address';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { Events } from '../platform/events/events.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { DomainOwners } from './claims/domain-owners.js';
import { Domain } from './domain.entity.js';
import { moveDomain, requireDomain } from './domain-rows.js';
import { displayName, showDomain } from './domain-view.js';
import { refuse } from './domains.errors.js';
import { domainReleased } from './domains.events.js';
import type { DomainView } from './domains.schemas.js';

/** A domain that takes part in mail. */
export interface VerifiedDomain {
  readonly id: string;
  readonly name: DomainName;
  readonly brandId: string;
}

/** With a `brandId` (in a reseller's scope) the brand's own domains are meant, without one the domains in scope. */
@Injectable()
export class DomainsService {
  constructor(
    private readonly db: TenantDb,
    private readonly owners: DomainOwners,
    private readonly clock: Clock,
    private readonly events: Events,
    private readonly paging: Paging,
  ) {}

  async list(wish: PageWish, brandId?: string): Promise<Page<DomainView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'domains', 1) ?? [];
      const query = db
        .createQueryBuilder(Domain, 'domain')
        .where("domain.state <> 'released'")
        .orderBy('domain.name')
        .limit(wish.limit + 1);
      if (brandId !== undefined) {
        await this.owners.require(brandId);
        query.andWhere('domain.brand_id = :brandId and domain.tenant_id is null', { brandId });
      }
      if (after !== undefined) query.andWhere('domain.name > :after', { after });
      return this.paging.page(wish, 'domains', await query.getMany(), (row) => [row.name], showDomain);
    });
  }

  /** A live claim, verified or not. Throws notFound. */
  async require(domainId: string, brandId?: string): Promise<DomainView> {
    return this.db.transaction(async (db) => showDomain(await requireDomain(db, domainId, { brandId })));
  }

  /** Until the caller's transaction ends, the domain cannot be released. Throws notFound and notVerified. */
  async requireVerified(domainId: string): Promise<VerifiedDomain> {
    return this.db.transaction(async (db) => {
      const domain = await requireDomain(db, domainId, { lock: 'share' });
      if (domain.state !== 'verified') throw refuse.notVerified({ domain: displayName(domain) });
      return { id: domain.id, name: requireDomainName(domain.name), brandId: domain.brandId };
    });
  }

  /** Gives the name up, for good: a later claim has a token and keys of its own. Throws hasMailboxes. */
  async release(domainId: string, brandId?: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const domain = await requireDomain(db, domainId, { brandId, lock: 'change' });
      if (await hasOpenMailboxes(db, domainId)) throw refuse.hasMailboxes({ domain: displayName(domain) });
      await moveDomain(db, domain, 'released', { updatedAt: this.clock.now() });
      if (domain.state === 'verified')
        await this.events.record(db, domainReleased, { domainId, brandId: domain.brandId });
    });
  }
}

/** Asked by id, in plain SQL: mailboxes know of domains, and not the other way about. */
const hasOpenMailboxes = async (db: EntityManager, domainId: string): Promise<boolean> => {
  const [row] = await db.query<{ open: boolean }[]>(
    `select exists (select from mailbox where domain_id = $1 and state = 'open') as open`,
    [domainId],
  );
  return row?.open === true;
};
