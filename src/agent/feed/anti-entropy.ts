import type Database from 'better-sqlite3';
import type { Client, ClientBase } from 'pg';
import { Log } from '../../platform/logging/log.js';
import type { DirectoryPair } from '../directory/directory-pair.js';
import type { FedKind } from '../directory/file-tables.js';
import { comparisons, repairedRows } from '../metrics.js';

/** Count and digest sums of one bucket, as text. Digests have 60 bits: halves keep the sums inside 64. */
type Sums = ReadonlyMap<string, string>;

/** Ids are UUIDv7, random at the end: two characters there split the rows evenly. */
const BUCKET = { all: `''`, byId: 'substr(cast(id as text), 35)' } as const;
const sumsOf = (bucket: string, table: string): string =>
  `select ${bucket} as bucket, count(*) as n, sum(digest >> 30) as high, sum(digest & 1073741823) as low
   from ${table} group by 1`;

interface SumRow {
  readonly bucket: string;
  readonly n: string | number;
  readonly high: string | number;
  readonly low: string | number;
}

interface Pinned {
  readonly file: { readonly kinds: readonly FedKind[] };
  readonly db: Database.Database;
}

/**
 * Compares both files with Postgres as of one and the same moment, beside the running feed, and names the rows that
 * differ. It repairs nothing itself: `recheck` has the feed read those rows again, as they are then.
 */
export class AntiEntropy {
  private readonly log = new Log('AntiEntropy');
  private running: Promise<void> | null = null;

  constructor(
    private readonly connect: () => Promise<Client>,
    private readonly recheck: (kind: FedKind, ids: readonly string[]) => void,
  ) {}

  get busy(): boolean {
    return this.running !== null;
  }

  /** Called while `client` holds the snapshot that the files equal; the comparison itself goes on without it. */
  async begin(client: ClientBase, pair: DirectoryPair): Promise<void> {
    const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
    const other = await this.connect();
    try {
      await other.query('begin isolation level repeatable read read only');
      await other.query(`set transaction snapshot '${rows[0]?.id ?? ''}'`);
    } catch (fault) {
      await other.end();
      throw fault;
    }
    this.running = this.compare(other, pair.pin()).finally(() => {
      this.running = null;
    });
  }

  async settled(): Promise<void> {
    await this.running;
  }

  private async compare(client: Client, pinned: readonly Pinned[]): Promise<void> {
    try {
      const suspects = await listSuspects(client, pinned);
      for (const [kind, ids] of suspects) {
        repairedRows.inc({ kind }, ids.size);
        this.log.error('Rows of the directory differ from Postgres and are read again', {
          kind,
          rows: ids.size,
        });
        this.recheck(kind, [...ids]);
      }
      comparisons.inc({ outcome: suspects.size === 0 ? 'equal' : 'different' });
    } catch (fault) {
      comparisons.inc({ outcome: 'failed' });
      this.log.warn('The comparison with Postgres did not finish', { reason: String(fault) });
    } finally {
      for (const { db } of pinned) db.close();
      await client
        .end()
        .catch((fault: unknown) => this.log.debug('Closing failed', { reason: String(fault) }));
    }
  }
}

const listSuspects = async (
  client: ClientBase,
  pinned: readonly Pinned[],
): Promise<Map<FedKind, Set<string>>> => {
  const suspects = new Map<FedKind, Set<string>>();
  for (const kind of new Set(pinned.flatMap(({ file }) => file.kinds))) {
    const truth = await readSums(client, kind, BUCKET.all);
    for (const { file, db } of pinned) {
      if (!file.kinds.includes(kind) || equal(truth, localSums(db, kind, BUCKET.all))) continue;
      const ids = await listDifferent(client, db, kind);
      suspects.set(kind, new Set([...(suspects.get(kind) ?? []), ...ids]));
    }
  }
  return suspects;
};

const listDifferent = async (client: ClientBase, db: Database.Database, kind: FedKind): Promise<string[]> => {
  const truth = await readSums(client, kind, BUCKET.byId);
  const local = localSums(db, kind, BUCKET.byId);
  const buckets = [...new Set([...truth.keys(), ...local.keys()])];
  const different = buckets.filter((bucket) => truth.get(bucket) !== local.get(bucket));
  const ids: string[] = [];
  for (const bucket of different) ids.push(...(await compareBucket(client, db, kind, bucket)));
  return ids;
};

const compareBucket = async (
  client: ClientBase,
  db: Database.Database,
  kind: FedKind,
  bucket: string,
): Promise<string[]> => {
  const select = `select id, cast(digest as text) as digest from`;
  const { rows } = await client.query<{ id: string; digest: string }>(
    `${select} directory.${kind} where ${BUCKET.byId} = $1`,
    [bucket],
  );
  const local = db.prepare(`${select} ${kind} where ${BUCKET.byId} = ?`).all(bucket) as typeof rows;
  const held = new Map(local.map(({ id, digest }) => [id, digest]));
  const wrong = rows.filter(({ id, digest }) => held.get(id) !== digest).map(({ id }) => id);
  const known = new Set(rows.map(({ id }) => id));
  return [...wrong, ...[...held.keys()].filter((id) => !known.has(id))];
};

const readSums = async (client: ClientBase, kind: FedKind, bucket: string): Promise<Sums> =>
  toSums((await client.query<SumRow>(sumsOf(bucket, `directory.${kind}`))).rows);

const localSums = (db: Database.Database, kind: FedKind, bucket: string): Sums =>
  toSums(db.prepare<[], SumRow>(sumsOf(bucket, kind)).all());

const toSums = (rows: readonly SumRow[]): Sums =>
  new Map(rows.map(({ bucket, n, high, low }) => [bucket, [n, high, low].join('/')]));

const equal = (one: Sums, other: Sums): boolean =>
  one.size === other.size && [...one].every(([bucket, sums]) => other.get(bucket) === sums);
