import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { type Page, Paging } from '../platform/http/paging.js';
import { MailboxEntitlementsService } from './mailbox-entitlements.service.js';
import { lockOpenMailbox, readView, showMailbox, VIEW_PAGE, type ViewRow } from './mailbox-rows.js';
import { MailboxSwitchesService } from './mailbox-switches.service.js';
import { Mailbox } from './mailbox.entity.js';
import type { ChangeMailbox, ListMailboxes, MailboxDetail, MailboxView } from './mailboxes.schemas.js';
import { percentUsed } from './quotas/quota.js';

const NIL = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class MailboxesService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
    private readonly entitlements: MailboxEntitlementsService,
    private readonly switches: MailboxSwitchesService,
  ) {}

  /** In the order of their addresses. */
  async list(wish: ListMailboxes): Promise<Page<MailboxView>> {
    return this.db.transaction(async (db) => {
      const [address = '', id = NIL] = this.paging.read(wish, 'mailboxes', 2) ?? [];
      const filters = [wish.domainId ?? null, wish.state ?? null];
      const rows = await db.query<ViewRow[]>(VIEW_PAGE, [...filters, address, id, wish.limit + 1]);
      return this.paging.page(wish, 'mailboxes', rows, (row) => [row.address, row.id], showMailbox);
    });
  }

  async read(mailboxId: string): Promise<MailboxDetail> {
    return this.db.transaction(async (db) => {
      const view = await readView(db, mailboxId);
      return {
        ...view,
        usage: await readUsage(db, view),
        lastSignIns: await readSignIns(db, mailboxId),
        switches: await this.switches.of(mailboxId, view.domainId),
      };
    });
  }

  async change(mailboxId: string, wish: ChangeMailbox): Promise<MailboxView> {
    return this.db.transaction(async (db) => {
      const mailbox = await lockOpenMailbox(db, mailboxId);
      const quotaBytes = await this.quotaFor(db, mailbox, wish);
      const displayName = wish.displayName ?? mailbox.displayName;
      await db.update(Mailbox, { id: mailboxId }, { displayName, quotaBytes, updatedAt: this.clock.now() });
      return readView(db, mailboxId);
    });
  }

  /** Keeps it open until the transaction of the caller ends. Throws notFound, and closed. */
  async requireOpen(mailboxId: string): Promise<Pick<Mailbox, 'id' | 'address' | 'kind'>> {
    return this.db.transaction(async (db) => {
      const { id, address, kind } = await lockOpenMailbox(db, mailboxId);
      return { id, address, kind };
    });
  }

  /** Throws notFound; a closed mailbox is one as well. */
  async require(mailboxId: string): Promise<MailboxView> {
    return this.db.transaction((db) => readView(db, mailboxId));
  }

  private async quotaFor(
    db: EntityManager,
    mailbox: Mailbox,
    { quotaBytes: wishBytes }: ChangeMailbox,
  ): Promise<number | null> {
    if (wishBytes === undefined) return mailbox.quotaBytes;
    const { planId, quotaBytes: presentBytes } = await readView(db, mailbox.id);
    const planBytes = await this.entitlements.planQuota(mailbox.planVersionId);
    return this.entitlements.requireQuota({ planId, planBytes, presentBytes, wishBytes });
  }
}

interface UsageRow {
  readonly bytes: string;
  readonly messages: string;
  readonly reported_at: Date;
}

const readUsage = async (db: EntityManager, view: MailboxView): Promise<MailboxDetail['usage']> => {
  const [row] = await db.query<UsageRow[]>(
    'select bytes, messages, reported_at from mailbox_usage where mailbox_id = $1',
    [view.id],
  );
  const bytes = Number(row?.bytes ?? 0);
  return {
    bytes,
    messages: Number(row?.messages ?? 0),
    percent: percentUsed(bytes, view.quotaBytes),
    reportedAt: row?.reported_at.toISOString() ?? null,
  };
};

const readSignIns = async (db: EntityManager, mailboxId: string): Promise<MailboxDetail['lastSignIns']> => {
  const rows = await db.query<{ service: string; at: Date }[]>(
    'select service, at from mailbox_sign_in where mailbox_id = $1 order by service',
    [mailboxId],
  );
  return rows.map(({ service, at }) => ({ service, at: at.toISOString() }));
};
