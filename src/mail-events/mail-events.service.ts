import { Injectable } from '@nestjs/common';
import { TenantDb } from '../platform/database/tenant-db.js';
import { type Page, Paging } from '../platform/http/paging.js';
import type { ListMailEvents, MailEventView } from './mail-events.schemas.js';

interface Row {
  readonly id: string;
  readonly at: Date;
  /** Microseconds and all, since two lines of a log are often nearer than a millisecond. */
  readonly exact_at: string;
  readonly mailbox_id: string | null;
  readonly kind: string;
  readonly message_id: string | null;
  readonly sender: string | null;
  readonly recipient: string | null;
  readonly reply: string | null;
}

const LIST = `
  select id, at, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as exact_at,
    mailbox_id, kind, message_id, sender, recipient, reply
  from mail_event
  where ($1::uuid is null or mailbox_id = $1) and ($2::text is null or message_id = $2)
    and ($3::timestamptz is null or (at, id) < ($3, $4::uuid))
  order by at desc, id desc limit $5`;

/** What happened to the tenant's messages, as the engine's log tells it. */
@Injectable()
export class MailEventsService {
  constructor(
    private readonly db: TenantDb,
    private readonly paging: Paging,
  ) {}

  async list(wish: ListMailEvents): Promise<Page<MailEventView>> {
    const [at = null, id = null] = this.paging.read(wish, 'mail-events', 2) ?? [];
    // As the header writes it (RFC 5322 §3.6.4).
    const messageId = wish.messageId === undefined ? null : `<${wish.messageId.replace(/^<|>$/g, '')}>`;
    const values = [wish.mailboxId ?? null, messageId, at, id, wish.limit + 1];
    const rows = await this.db.transaction((db) => db.query<Row[]>(LIST, values));
    return this.paging.page(wish, 'mail-events', rows, (row) => [row.exact_at, row.id], show);
  }
}

const show = (row: Row): MailEventView => ({
  at: row.at.toISOString(),
  mailboxId: row.mailbox_id,
  kind: row.kind,
  messageId: row.message_id,
  sender: row.sender,
  recipient: row.recipient,
  reply: row.reply,
});
