import type { ClientBase } from 'pg';
import type { KindChange, Row } from '../directory/directory-file.js';
import { parseSnapshot, type Snapshot } from './snapshot.js';

export interface FeedEntry {
  readonly xid: string;
  readonly seq: string;
  readonly kind: string;
  readonly id: string;
}

export interface FeedPosition {
  readonly snapshot: Snapshot;
  readonly floor: bigint;
}

/** The whole round, pages and rows, is read as of one moment: afterwards the files equal Postgres at that moment. */
export const BEGIN_ROUND = 'begin isolation level repeatable read read only';

export const readPosition = async (client: ClientBase): Promise<FeedPosition> => {
  const { rows } = await client.query<{ snapshot: string; floor: string }>(
    'select pg_current_snapshot()::text as snapshot, xid::text as floor from directory.feed_floor',
  );
  const row = rows[0];
  if (row === undefined) throw new Error('directory.feed_floor is empty.');
  return { snapshot: parseSnapshot(row.snapshot), floor: BigInt(row.floor) };
};

/**
 * What this snapshot shows and the last one did not: rows of transactions that were open then, and of those that
 * began later. Paged by transaction and number, since one transaction may be larger than a page.
 */
const PAGE = `
  select xid::text, seq::text, kind, id from (
    select f.xid, f.seq, f.kind, f.id from directory.feed f
      where f.xid = any ($1::text[]::xid8[]) and (f.xid, f.seq) > ($3::xid8, $4::bigint)
    union all
    select f.xid, f.seq, f.kind, f.id from directory.feed f
      where f.xid >= $2::xid8 and (f.xid, f.seq) > ($3::xid8, $4::bigint)
  ) unseen order by unseen.xid, unseen.seq limit $5`;

const PAGE_ROWS = 10_000;

export async function* readUnseen(client: ClientBase, seen: Snapshot): AsyncGenerator<FeedEntry[]> {
  const open = seen.open.map(String);
  let last: Pick<FeedEntry, 'xid' | 'seq'> = { xid: '0', seq: '0' };
  for (;;) {
    const values = [open, String(seen.xmax), last.xid, last.seq, PAGE_ROWS];
    const { rows } = await client.query<FeedEntry>({ name: 'feed-page', text: PAGE, values });
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows;
    if (rows.length < PAGE_ROWS) return;
    last = end;
  }
}

export const groupByKind = (entries: readonly FeedEntry[]): Map<string, Set<string>> => {
  const groups = new Map<string, Set<string>>();
  for (const { kind, id } of entries) {
    const ids = groups.get(kind) ?? new Set<string>();
    groups.set(kind, ids.add(id));
  }
  return groups;
};

/** The present rows of these keys. `kind` and `columns` are names from our own tables, never from outside. */
export const readRows = async (
  client: ClientBase,
  kind: string,
  columns: readonly string[],
  ids: readonly string[],
): Promise<KindChange> => {
  // A join, not "= any": right after a bulk change the statistics are old, and each row might be held against each id.
  const text = `select ${columns.map((column) => `v.${column}`).join(', ')}
    from unnest($1::uuid[]) as wanted (id) join directory.${kind} v on v.id = wanted.id`;
  const { rows } = await client.query<Row>({ name: `rows-${kind}`, text, values: [ids] });
  return { ids, rows };
};
