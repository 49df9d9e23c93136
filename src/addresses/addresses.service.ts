import { Injectable } from '@nestjs/common';
import { mailAddressRefusals, parseMailAddress } from '#libs/address';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DomainsService } from '../domains/domains.service.js';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as missing } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { Address } from './address.entity.js';
import { refuse } from './addresses.errors.js';
import type { AddAddress, AddressView } from './addresses.schemas.js';
import { isFreeForAlias, isFreeForMailbox } from './reserved-names.js';

/** Where a mailbox will live: a verified domain, and a name on it that it may have. */
export interface MainAddress {
  readonly domainId: string;
  readonly localPart: string;
  readonly address: string;
}

type NewAddress = Pick<Address, 'mailboxId' | 'domainId' | 'address' | 'kind' | 'receives' | 'sends'>;

/** Reads the mailbox by its row, since mailboxes call here for their main address. */
const LOCK_MAILBOX = `
  select m.state, v.aliases_per_mailbox as limit
  from mailbox m join plan_version v on v.id = m.plan_version_id where m.id = $1 for update of m`;

@Injectable()
export class AddressesService {
  constructor(
    private readonly db: TenantDb,
    private readonly domains: DomainsService,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  async add(mailboxId: string, wish: AddAddress): Promise<AddressView> {
    return this.db.transaction(async (db) => {
      const limit = await this.lockOpenMailbox(db, mailboxId);
      const domain = await this.domains.requireVerified(wish.domainId);
      if (wish.kind === 'catch_all') return this.addCatchAll(db, mailboxId, domain);
      const { address } = requireFree(wish.localPart, domain.name, isFreeForAlias);
      const held = await db.countBy(Address, { mailboxId, kind: 'alias' });
      if (held >= limit) throw refuse.tooMany({ limit });
      const { receives, sends } = wish;
      const row = await this.insert(db, {
        mailboxId,
        domainId: domain.id,
        address,
        kind: 'alias',
        receives,
        sends,
      });
      if (!row) throw refuse.taken({ address });
      return show(row);
    });
  }

  /** What a mailbox may be called. Says nothing of whether the address is taken: `takePrimary` does. */
  async requireMain(domainId: string, localPart: string): Promise<MainAddress> {
    const domain = await this.domains.requireVerified(domainId);
    return { domainId: domain.id, ...requireFree(localPart, domain.name, isFreeForMailbox) };
  }

  /** Takes the main address of a new mailbox. False when somebody has it, or had it within the last month. */
  async takePrimary(mailboxId: string, { domainId, address }: MainAddress): Promise<boolean> {
    return this.db.transaction(async (db) => {
      const wish = { mailboxId, domainId, address, kind: 'primary', receives: true, sends: true } as const;
      return (await this.insert(db, wish)) !== null;
    });
  }

  /** Lets others have every address of a mailbox. */
  async freeAll(mailboxId: string): Promise<void> {
    await this.db.transaction((db) => db.delete(Address, { mailboxId }));
  }

  /** In the order of the addresses. */
  async list(mailboxId: string, wish: PageWish): Promise<Page<AddressView>> {
    return this.db.transaction(async (db) => {
      const [mailbox] = await db.query<unknown[]>('select 1 from mailbox where id = $1', [mailboxId]);
      if (!mailbox) throw missing.notFound();
      const [after] = this.paging.read(wish, 'addresses', 1) ?? [];
      const query = db
        .createQueryBuilder(Address, 'address')
        .where('address.mailbox_id = :mailboxId', { mailboxId })
        .orderBy('address.address')
        .limit(wish.limit + 1);
      if (after !== undefined) query.andWhere('address.address > :after', { after });
      return this.paging.page(wish, 'addresses', await query.getMany(), (row) => [row.address], show);
    });
  }

  async remove(mailboxId: string, addressId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const row = await db.findOneBy(Address, { id: addressId, mailboxId });
      if (!row) throw missing.notFound();
      if (row.kind === 'primary') throw refuse.primary();
      await db.delete(Address, { id: addressId });
    });
  }

  private async addCatchAll(
    db: EntityManager,
    mailboxId: string,
    domain: { readonly id: string; readonly name: string },
  ): Promise<AddressView> {
    const row = await this.insert(db, {
      mailboxId,
      domainId: domain.id,
      address: `@${domain.name}`,
      kind: 'catch_all',
      receives: true,
      sends: false,
    });
    if (!row) throw refuse.catchAllTaken({ domain: domain.name });
    return show(row);
  }

  /** Locked, so that two additions at once are counted one after the other. Answers how many aliases it may have. */
  private async lockOpenMailbox(db: EntityManager, mailboxId: string): Promise<number> {
    const [mailbox] = await db.query<{ state: string; limit: number }[]>(LOCK_MAILBOX, [mailboxId]);
    if (!mailbox) throw missing.notFound();
    if (mailbox.state !== 'open') throw refuse.mailboxClosed();
    return mailbox.limit;
  }

  /** Null when the address is taken, by whomever: the unique index sees rows that this scope does not. */
  private async insert(db: EntityManager, wish: NewAddress): Promise<Address | null> {
    const row = { id: uuidv7(), ...wish, createdAt: this.clock.now() };
    const insert = db.createQueryBuilder().insert().into(Address).values(row);
    const { raw } = await insert.orIgnore().returning('id').execute();
    return (raw as unknown[]).length === 1 ? row : null;
  }
}

const requireFree = (
  localPart: string,
  domain: string,
  isFree: (localPart: string) => boolean,
): Pick<MainAddress, 'localPart' | 'address'> => {
  const parsed = parseMailAddress(`${localPart}@${domain}`);
  if (!parsed.ok) throw refuse.invalid({ sentence: mailAddressRefusals[parsed.reason] });
  if (!isFree(parsed.localPart)) throw refuse.reserved({ name: parsed.localPart });
  return { localPart: parsed.localPart, address: parsed.address };
};

const show = (row: Address): AddressView => ({
  id: row.id,
  address: row.address,
  kind: row.kind,
  domainId: row.domainId,
  receives: row.receives,
  sends: row.sends,
  createdAt: row.createdAt.toISOString(),
});
