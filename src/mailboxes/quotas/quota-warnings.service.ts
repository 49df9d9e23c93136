import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Doors } from '../../platform/database/doors.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { Events } from '../../platform/events/events.js';
import { inEachScope, type OwnedRow, Sweep } from '../../platform/schedules/sweep.js';
import { mailboxFilled } from '../mailboxes.events.js';
import { judgeFilling } from './quota.js';

interface FilledRow {
  readonly bytes: string;
  readonly quota_bytes: string;
  readonly warned_percent: number;
}

const FILLED = `
  select u.bytes, coalesce(m.quota_bytes, v.quota_bytes) as quota_bytes, u.warned_percent
  from mailbox_usage u
  join mailbox m on m.id = u.mailbox_id and m.state = 'open'
  join plan_version v on v.id = m.plan_version_id
  where u.mailbox_id = $1 for update of u`;

/**
 * Notices that a mailbox passed a warned share of its quota, whether mail came in or the quota went down. Space that
 * was freed lowers the mark without a word, so that filling up again is told again.
 */
@Injectable()
export class QuotaWarningsService {
  constructor(
    private readonly doors: Doors,
    private readonly db: TenantDb,
    private readonly events: Events,
  ) {}

  @Sweep({ name: 'quota-warnings', everySeconds: 60 })
  async judgeAll(): Promise<void> {
    const rows = await this.doors.ask<OwnedRow & { readonly mailbox_id: string }>('usage_to_judge');
    await inEachScope(rows, 'sweep quota-warnings', (row) => this.judge(row.mailbox_id));
  }

  /** The lock and the second look make two sweeps at once tell of one rise once. */
  private async judge(mailboxId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const [row] = await db.query<FilledRow[]>(FILLED, [mailboxId]);
      if (!row) return;
      const percent = judgeFilling(Number(row.bytes), Number(row.quota_bytes));
      if (percent === row.warned_percent) return;
      await db.query('update mailbox_usage set warned_percent = $2 where mailbox_id = $1', [
        mailboxId,
        percent,
      ]);
      if (percent > row.warned_percent)
        await this.events.record(db, mailboxFilled, { mailboxId, percent, crossingId: uuidv7() });
    });
  }
}
