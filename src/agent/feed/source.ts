import { DIRECTORY_SCHEMA_VERSION } from '#libs/directory-file';
import type { ClientBase } from 'pg';
import type { FileClaims } from '../directory/directory-pair.js';

export interface ServerState {
  /** Which database this is: system identifier, timeline and database number. */
  readonly source: string;
  /** The first transaction number not given out yet. */
  readonly xmax: bigint;
  /** Changes of transactions below this were pruned. */
  readonly floor: bigint;
}

export type RebuildReason = 'no files' | 'other version' | 'other server' | 'older server' | 'pruned';
export type FilesVerdict =
  | { readonly kind: 'follow'; readonly cursor: bigint }
  | { readonly kind: 'rebuild'; readonly reason: RebuildReason };

/**
 * The timeline comes from the name of the file being written, since after a promotion the control file still says
 * the old one until the next checkpoint.
 */
const STATE = `
  select (select system_identifier from pg_control_system())
      || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
      || '/' || (select oid from pg_database where datname = current_database()) as source,
    pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
    (select xid::text from directory.feed_floor) as floor`;

export const readServerState = async (client: ClientBase): Promise<ServerState> => {
  const { rows } = await client.query<{ source: string; xmax: string; floor: string }>(STATE);
  const row = rows[0];
  if (row === undefined) throw new Error('Postgres did not say which database it is.');
  return { source: row.source, xmax: BigInt(row.xmax), floor: BigInt(row.floor) };
};

/** Whether the files may be kept up by the feed of this server, or must be built anew. */
export const judgeFiles = (claims: FileClaims, server: ServerState): FilesVerdict => {
  if (claims.cursor === null) return rebuild('no files');
  if (claims.schemaVersion !== DIRECTORY_SCHEMA_VERSION) return rebuild('other version');
  // A promoted or recovered server has another timeline: what it kept of the old one's last changes is unknown.
  if (claims.source !== server.source) return rebuild('other server');
  if (claims.cursor > server.xmax) return rebuild('older server');
  if (claims.cursor < server.floor) return rebuild('pruned');
  return { kind: 'follow', cursor: claims.cursor };
};

const rebuild = (reason: RebuildReason): FilesVerdict => ({ kind: 'rebuild', reason });
