import { type EntityManager, Not } from 'typeorm';
import { refuse as missing } from '../platform/http/http.errors.js';
import { Mailbox } from './mailbox.entity.js';
import { refuse } from './mailboxes.errors.js';
import type { MailboxView } from './mailboxes.schemas.js';

/** The row, locked until the transaction ends, so that two changes at once follow one another. Throws notFound. */
export const lockMailbox = async (db: EntityManager, mailboxId: string): Promise<Mailbox> => {
  const mailbox = await db.findOne(Mailbox, {
    where: { id: mailboxId, state: Not('purged') },
    lock: { mode: 'pessimistic_write' },
  });
  if (!mailbox) throw missing.notFound();
  return mailbox;
};

/** As `lockMailbox`; a closed mailbox is refused. */
export const lockOpenMailbox = async (db: EntityManager, mailboxId: string): Promise<Mailbox> => {
  const mailbox = await lockMailbox(db, mailboxId);
  if (mailbox.state !== 'open') throw refuse.closed();
  return mailbox;
};

/** A mailbox with what its plan adds to it. */
export interface ViewRow extends Pick<Mailbox, 'id' | 'address' | 'kind' | 'state'> {
  readonly domain_id: string;
  readonly display_name: string;
  readonly plan_id: string;
  readonly own_quota_bytes: string | null;
  readonly plan_quota_bytes: string;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly purge_after: Date | null;
}

const VIEW = `
  select m.id, m.address, m.kind, m.state, m.domain_id, m.display_name, v.plan_id, m.quota_bytes as own_quota_bytes,
    v.quota_bytes as plan_quota_bytes, m.created_at, m.closed_at, m.purge_after
  from mailbox m join plan_version v on v.id = m.plan_version_id`;

export const readView = async (db: EntityManager, mailboxId: string): Promise<MailboxView> => {
  const [row] = await db.query<ViewRow[]>(`${VIEW} where m.id = $1`, [mailboxId]);
  if (!row) throw missing.notFound();
  return showMailbox(row);
};

/** Purged mailboxes are listed only when asked for. Goes on after the address and id in $3 and $4. */
export const VIEW_PAGE = `${VIEW}
  where ($1::uuid is null or m.domain_id = $1) and (m.state = $2 or ($2::text is null and m.state <> 'purged'))
    and (m.address, m.id) > ($3, $4::uuid)
  order by m.address, m.id limit $5`;

export const showMailbox = (row: ViewRow): MailboxView => ({
  id: row.id,
  address: row.address,
  domainId: row.domain_id,
  kind: row.kind,
  displayName: row.display_name,
  planId: row.plan_id,
  quotaBytes: Number(row.own_quota_bytes ?? row.plan_quota_bytes),
  quotaFrom: row.own_quota_bytes === null ? 'plan' : 'mailbox',
  state: row.state,
  createdAt: row.created_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
  purgeAfter: row.purge_after?.toISOString() ?? null,
});
