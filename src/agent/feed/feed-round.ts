import type { ClientBase } from 'pg';
import type { KindChange } from '../directory/directory-file.js';
import type { DirectoryPair } from '../directory/directory-pair.js';
import { isFedKind, type FedKind } from '../directory/file-tables.js';
import { revocationFacts } from '../revocation/revocation.js';
import {
  BEGIN_ROUND,
  groupByKind,
  readPosition,
  readRows,
  readUnseen,
  type FeedEntry,
} from './feed-reading.js';
import type { Snapshot } from './snapshot.js';

/** Thrown when the feed no longer reaches back to where this node stopped. */
class FeedGap extends Error {
  constructor() {
    super('Changes this node has not read were pruned.');
  }
}

export interface RoundResult {
  readonly snapshot: Snapshot;
  readonly appliedRows: number;
}

export interface RoundOrder {
  readonly client: ClientBase;
  readonly pair: DirectoryPair;
  /** What is in the files already. */
  readonly seen: Snapshot;
  /** Keys to read again although the feed does not name them. */
  readonly again: readonly FeedEntry[];
  /** Signing keys lie in files of their own. A fault there must not hold up the directory. */
  readonly applySigningKeys: (client: ClientBase, ids: readonly string[]) => Promise<void>;
  /** Runs before the round's snapshot is given up, when the files equal what it shows. */
  readonly atRest?: (client: ClientBase) => Promise<void>;
}

/** Brings both files from one snapshot of Postgres to the next. */
export const runRound = async (order: RoundOrder): Promise<RoundResult> => {
  const { client, pair, seen } = order;
  await client.query(BEGIN_ROUND);
  const { snapshot, floor } = await readPosition(client);
  if (floor > seen.xmin) throw new FeedGap();
  let appliedRows = 0;
  const applyEntries = async (entries: readonly FeedEntry[]): Promise<void> => {
    appliedRows += entries.length;
    await applyPage(order, entries);
  };
  if (order.again.length > 0) await applyEntries(order.again);
  for await (const page of readUnseen(client, seen)) await applyEntries(page);
  // Only now, and only up to the oldest transaction still open: what lies above is read again after a restart.
  if (appliedRows > 0) pair.apply(new Map(), { cursor: String(snapshot.xmin) });
  await order.atRest?.(client);
  await client.query('commit');
  return { snapshot, appliedRows };
};

const applyPage = async (order: RoundOrder, entries: readonly FeedEntry[]): Promise<void> => {
  const { client, pair } = order;
  const changes = new Map<FedKind, KindChange>();
  for (const [kind, ids] of groupByKind(entries)) {
    if (isFedKind(kind)) changes.set(kind, await readRows(client, kind, columnsOf(pair, kind), [...ids]));
    else if (kind === 'dkim_key') await order.applySigningKeys(client, [...ids]);
  }
  pair.apply(changes, {}, revocationFacts(pair.auth.db, changes));
};

/** What either file wants of a view. */
export const columnsOf = (pair: Pick<DirectoryPair, 'files'>, kind: FedKind): string[] => [
  ...new Set(pair.files.flatMap((file) => [...file.columns(kind)])),
];
