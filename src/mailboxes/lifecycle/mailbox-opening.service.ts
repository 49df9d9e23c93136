import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashPassword } from '#libs/secrets';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AddressesService, type MainAddress } from '../../addresses/addresses.service.js';
import { PeopleService } from '../../people/people.service.js';
import { Clock } from '../../platform/config/clock.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { MailboxEntitlementsService } from '../mailbox-entitlements.service.js';
import { refusePasswordLikeAddress } from '../mailbox-password.service.js';
import { lockMailbox, readView } from '../mailbox-rows.js';
import { Mailbox } from '../mailbox.entity.js';
import { refuse } from '../mailboxes.errors.js';
import type { MailboxView, OpenMailbox } from '../mailboxes.schemas.js';
import { UNDO_DAYS } from './mailbox-closing.service.js';

/** Opens mailboxes, and takes back their closing. Both need a verified domain and a seat in the same transaction. */
@Injectable()
export class MailboxOpeningService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly addresses: AddressesService,
    private readonly people: PeopleService,
    private readonly entitlements: MailboxEntitlementsService,
  ) {}

  async open(wish: OpenMailbox): Promise<MailboxView> {
    // Hashed before the transaction: it takes tens of milliseconds of a core.
    const passwordHash = wish.password === undefined ? null : await hashPassword(wish.password);
    return this.db.transaction(async (db) => {
      const main = await this.addresses.requireMain(wish.domainId, wish.localPart);
      if (wish.password !== undefined) refusePasswordLikeAddress(wish.password, main.address);
      const terms = await this.entitlements.requireTerms(wish.planId, wish.quotaBytes ?? null);
      const mailboxId = await this.insert(db, main, { ...wish, ...terms });
      if (wish.kind === 'person') await this.giveToPerson(db, mailboxId, main, { ...wish, passwordHash });
      return readView(db, mailboxId);
    });
  }

  /** Within the time for an undo, and while there is a seat. Everything is as it was. */
  async reopen(mailboxId: string): Promise<MailboxView> {
    return this.db.transaction(async (db) => {
      const mailbox = await lockMailbox(db, mailboxId);
      if (mailbox.state !== 'closed') throw refuse.notClosed();
      const now = this.clock.now();
      if (mailbox.purgeAfter !== null && mailbox.purgeAfter <= now) throw refuse.gone({ days: UNDO_DAYS });
      await this.addresses.requireMain(mailbox.domainId, mailbox.localPart);
      const { planId } = await readView(db, mailboxId);
      const poolId = await this.claim(mailbox.kind, planId, 'mailbox.reopen');
      const open = { state: 'open', closedAt: null, purgeAfter: null, poolId, updatedAt: now } as const;
      await db.update(Mailbox, { id: mailboxId }, open);
      return readView(db, mailboxId);
    });
  }

  private async insert(
    db: EntityManager,
    main: MainAddress,
    wish: Pick<Mailbox, 'kind' | 'displayName' | 'planVersionId' | 'quotaBytes'> & { planId: string },
  ): Promise<string> {
    if (wish.kind === 'shared') await this.entitlements.requireRoomForShared(wish.planId);
    const id = uuidv7();
    const now = this.clock.now();
    const { kind, displayName, planVersionId, quotaBytes } = wish;
    const insert = db
      .createQueryBuilder()
      .insert()
      .into(Mailbox)
      .values({
        id,
        ...main,
        kind,
        displayName,
        planVersionId,
        quotaBytes,
        home: homeOf(id),
        state: 'open',
        createdAt: now,
        updatedAt: now,
      });
    const { raw } = await insert.orIgnore().returning('id').execute();
    const isNew = (raw as unknown[]).length === 1;
    if (!isNew || !(await this.addresses.takePrimary(id, main)))
      throw refuse.addressTaken({ address: main.address });
    return id;
  }

  /** The seat comes last: its pool stays locked from then on, and others are waiting for it. */
  private async giveToPerson(
    db: EntityManager,
    mailboxId: string,
    { address }: MainAddress,
    wish: { readonly displayName: string; readonly planId: string; readonly passwordHash: string | null },
  ): Promise<void> {
    const { displayName, passwordHash } = wish;
    const person = await this.people.createForMailbox({ signInName: address, displayName, passwordHash });
    const poolId = await this.claim('person', wish.planId, 'mailbox.open');
    await db.update(Mailbox, { id: mailboxId }, { personId: person.id, poolId });
  }

  private async claim(
    kind: Mailbox['kind'],
    planId: string,
    command: 'mailbox.open' | 'mailbox.reopen',
  ): Promise<string | null> {
    if (kind === 'person') return this.entitlements.takeSeat(planId, command);
    await this.entitlements.requireRoomForShared(planId);
    return null;
  }
}

/** Spread over 256 folders by a hash, since ids that were made together look alike. */
const homeOf = (mailboxId: string): string =>
  `${createHash('sha256').update(mailboxId).digest('hex').slice(0, 2)}/${mailboxId}`;
