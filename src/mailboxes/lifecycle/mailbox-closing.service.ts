import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/config/clock.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { MailboxEntitlementsService } from '../mailbox-entitlements.service.js';
import { lockOpenMailbox, readView } from '../mailbox-rows.js';
import { Mailbox } from '../mailbox.entity.js';
import type { MailboxView } from '../mailboxes.schemas.js';

/** How long a closed mailbox can be reopened. */
export const UNDO_DAYS = 30;
const UNDO_MS = UNDO_DAYS * 24 * 3_600_000;

@Injectable()
export class MailboxClosingService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly entitlements: MailboxEntitlementsService,
  ) {}

  /** The seat is free at once. Mail, addresses and passwords are kept, unused, for the time of an undo. */
  async close(mailboxId: string): Promise<MailboxView> {
    return this.db.transaction(async (db) => {
      const mailbox = await lockOpenMailbox(db, mailboxId);
      const now = this.clock.now();
      const purgeAfter = new Date(now.getTime() + UNDO_MS);
      const closed = { state: 'closed', closedAt: now, purgeAfter, poolId: null, updatedAt: now } as const;
      await db.update(Mailbox, { id: mailboxId }, closed);
      if (mailbox.poolId !== null) await this.entitlements.releaseSeat(mailbox.poolId);
      return readView(db, mailboxId);
    });
  }
}
