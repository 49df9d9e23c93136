import path from 'node:path';
import type { Client } from 'pg';
import { Log } from '../../platform/logging/log.js';
import {
  NO_CLAIMS,
  openCurrentPair,
  type DirectoryPair,
  type FileClaims,
} from '../directory/directory-pair.js';
import { FILE_NAMES } from '../directory/file-tables.js';
import { highestGeneration, listOtherGenerations, removeGeneration } from '../directory/generation.js';
import { rebuilds, rebuildSeconds } from '../metrics.js';
import { rebuildDirectory } from './rebuild.js';
import { resumeFrom, type Snapshot } from './snapshot.js';
import { judgeFiles, readServerState, type RebuildReason } from './source.js';

export interface KeeperWishes {
  /** Holds the folders route and auth. */
  readonly folder: string;
  /** Makes the daemons open the new generation. */
  readonly reload: () => Promise<void>;
  /** How long readers that were slow to reload may still use an old generation. */
  readonly keepOldMs: number;
}

/** Owns the pair of files in use: opens it, decides whether it can be followed up, and replaces it. */
export class DirectoryKeeper {
  private readonly log = new Log('Directory');
  private current: DirectoryPair | null = null;
  private claims: FileClaims = NO_CLAIMS;

  constructor(private readonly wishes: KeeperWishes) {}

  get pair(): DirectoryPair | null {
    return this.current;
  }

  async open(): Promise<void> {
    const { pair, claims } = await openCurrentPair(this.wishes.folder);
    this.current = pair;
    this.claims = claims;
    for (const name of FILE_NAMES) await this.removeLeftovers(name);
  }

  /** Brings the files to where this server's feed can be followed, by a rebuild where it must be. */
  async align(client: Client): Promise<{ readonly pair: DirectoryPair; readonly seen: Snapshot }> {
    const server = await readServerState(client);
    const verdict = judgeFiles(this.claims, server);
    if (verdict.kind === 'rebuild' || this.current === null) {
      return this.rebuild(client, server.source, verdict.kind === 'rebuild' ? verdict.reason : 'no files');
    }
    return { pair: this.current, seen: resumeFrom(verdict.cursor, server.floor) };
  }

  /** To be told what the files hold now, for the next time the connection is made. */
  recordCursor(cursor: bigint): void {
    this.claims = { ...this.claims, cursor };
  }

  private async rebuild(
    client: Client,
    source: string,
    reason: RebuildReason,
  ): Promise<{ readonly pair: DirectoryPair; readonly seen: Snapshot }> {
    const startedAt = performance.now();
    const { folder } = this.wishes;
    const before = this.current;
    const highest = await Promise.all(FILE_NAMES.map((name) => highestGeneration(path.join(folder, name))));
    const generation = Math.max(...highest) + 1;
    const { pair, snapshot, rows } = await rebuildDirectory({ client, folder, generation, source, before });
    this.current = pair;
    const schemaVersion = Number(pair.auth.findFact('schema_version'));
    this.claims = { schemaVersion, source, cursor: snapshot.xmin };
    const seconds = (performance.now() - startedAt) / 1_000;
    rebuilds.inc({ reason });
    rebuildSeconds.set(seconds);
    this.log.log('Built a new generation', { reason, generation, rows, seconds });
    await this.retire(before);
    return { pair, seen: snapshot };
  }

  /** A daemon that does not reload keeps answering from the old files: worth an alarm, not a failed rebuild. */
  private async retire(before: DirectoryPair | null): Promise<void> {
    await this.wishes.reload().catch((fault: unknown) => {
      this.log.error('The daemons did not reload the directory', { reason: String(fault) });
    });
    if (before === null) return;
    const remove = (): Promise<void> =>
      before.remove().catch((fault: unknown) => {
        this.log.warn('An old generation was not removed', { reason: String(fault) });
      });
    setTimeout(() => void remove(), this.wishes.keepOldMs).unref();
  }

  /** Only those this process has not opened: SQLite must not be closed under a reader by us. */
  private async removeLeftovers(name: (typeof FILE_NAMES)[number]): Promise<void> {
    const folder = path.join(this.wishes.folder, name);
    if (this.current === null) return;
    for (const generation of await listOtherGenerations(folder, this.current.generation)) {
      await removeGeneration(folder, generation);
    }
  }
}
