import type { ClientBase } from 'pg';
import type { Row } from '../directory/directory-file.js';
import { LoadingPair, publish, type DirectoryPair } from '../directory/directory-pair.js';
import { FED_KINDS, type FedKind } from '../directory/file-tables.js';
import { revocationFactsOfRebuild } from '../revocation/revocation.js';
import { BEGIN_ROUND, readPosition } from './feed-reading.js';
import { columnsOf } from './feed-round.js';
import type { Snapshot } from './snapshot.js';

const FETCH_ROWS = 5_000;

export interface RebuildOrder {
  readonly client: ClientBase;
  readonly folder: string;
  readonly generation: number;
  readonly source: string;
  /** The pair in use until now, if there is one: who lost a right since then is signed out. */
  readonly before: DirectoryPair | null;
}

export interface Rebuilt {
  readonly pair: DirectoryPair;
  readonly snapshot: Snapshot;
  readonly rows: number;
}

/**
 * Reads everything as of one moment into a new generation, and makes it the current one. Readers keep the old files
 * open until they are told to reload.
 */
export const rebuildDirectory = async (order: RebuildOrder): Promise<Rebuilt> => {
  const { client, folder, generation, source, before } = order;
  const loading = new LoadingPair(folder, generation);
  try {
    const { snapshot, rows } = await load(client, loading);
    const pair = loading.finish({ source, cursor: String(snapshot.xmin), generation: String(generation) });
    if (before !== null) pair.auth.setFacts(revocationFactsOfRebuild(before.auth.db, pair.auth.db));
    await publish(pair);
    return { pair, snapshot, rows };
  } catch (fault) {
    await loading.abandon();
    throw fault;
  }
};

const load = async (
  client: ClientBase,
  loading: LoadingPair,
): Promise<{ readonly snapshot: Snapshot; readonly rows: number }> => {
  await client.query(BEGIN_ROUND);
  // All rows are wanted: without this the plan is made for the first few.
  await client.query('set local cursor_tuple_fraction = 1');
  const { snapshot } = await readPosition(client);
  let rows = 0;
  for (const kind of FED_KINDS) rows += await loadKind(client, loading, kind);
  await client.query('commit');
  return { snapshot, rows };
};

const loadKind = async (client: ClientBase, loading: LoadingPair, kind: FedKind): Promise<number> => {
  const columns = columnsOf(loading, kind).join(', ');
  await client.query(`declare every_row no scroll cursor for select ${columns} from directory.${kind}`);
  let loaded = 0;
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${FETCH_ROWS} from every_row`);
    for (const file of loading.files) {
      if (rows.length > 0) file.db.transaction(() => file.insert(kind, rows))();
    }
    loaded += rows.length;
    if (rows.length < FETCH_ROWS) break;
  }
  await client.query('close every_row');
  return loaded;
};
