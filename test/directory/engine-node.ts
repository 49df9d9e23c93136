import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { ClientBase } from 'pg';
import { DirectoryKeeper } from '../../src/agent/feed/directory-keeper.js';
import { FeedFollower } from '../../src/agent/feed/feed-follower.js';
import { connectFeed } from '../../src/agent/feed/feed-connection.js';
import { KeyFolder } from '../../src/agent/signing/key-files.js';
import { SigningKeys, type Unseal } from '../../src/agent/signing/signing-keys.js';
import type { ThrowAwayPostgres } from '../database/throw-away-postgres.js';

export interface NodeWishes {
  readonly listen?: boolean;
  readonly unseal?: Unseal;
  readonly compareEveryMs?: number;
}

/** The directory of one engine node, kept up by the real follower inside the test. */
export class EngineNode {
  readonly reloads: number[] = [];
  keeper: DirectoryKeeper;
  follower: FeedFollower;

  private constructor(
    readonly folder: string,
    private readonly postgres: ThrowAwayPostgres,
    private readonly wishes: NodeWishes,
  ) {}

  static async make(postgres: ThrowAwayPostgres, wishes: NodeWishes = {}): Promise<EngineNode> {
    const folder = await mkdtemp('/var/tmp/livery-node-');
    await chmod(folder, 0o755);
    for (const [name, group] of [
      ['route', 'postfix'],
      ['auth', 'dovecot'],
      ['dkim', 'postfix'],
    ] as const) {
      await mkdir(path.join(folder, name));
      execFileSync('chgrp', [group, path.join(folder, name)]);
      await chmod(path.join(folder, name), 0o2750);
    }
    return new EngineNode(folder, postgres, wishes);
  }

  async start(): Promise<void> {
    const { listen = true, unseal = (sealed) => sealed, compareEveryMs = 3_600_000 } = this.wishes;
    this.keeper = new DirectoryKeeper({
      folder: this.folder,
      keepOldMs: 500,
      reload: async () => {
        this.reloads.push(Date.now());
      },
    });
    await this.keeper.open();
    this.follower = new FeedFollower({
      connect: () => connectFeed(this.postgres.url('livery_feed')),
      keeper: this.keeper,
      signingKeys: new SigningKeys(new KeyFolder(path.join(this.folder, 'dkim')), unseal),
      applied: () => undefined,
      pollMs: 1_000,
      compareEveryMs,
      listen,
    });
    this.follower.start();
  }

  async stop(): Promise<void> {
    await this.follower.stop();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As a reader of the engine sees it: opened anew, through the link, read-only. */
  ask<T>(file: 'route' | 'auth', sql: string, ...values: string[]): T[] {
    const db = new Database(path.join(this.folder, file, 'current.sqlite'), { readonly: true });
    try {
      return db.prepare(sql).all(...values) as T[];
    } finally {
      db.close();
    }
  }

  hasAddress(address: string): boolean {
    return this.ask('route', 'select 1 from address where address = ?', address).length > 0;
  }

  count(file: 'route' | 'auth', table: string): number {
    return this.ask<{ n: number }>(file, `select count(*) as n from ${table}`)[0]!.n;
  }

  /** Counts and digest sums of every table of both files, as the views of Postgres give them. */
  sums(): string {
    const tables = [
      ['route', 'tenant', 'domain', 'mailbox', 'address'],
      ['auth', 'tenant', 'domain', 'mailbox', 'credential'],
    ] as const;
    return tables
      .flatMap(([file, ...kinds]) => kinds.map((kind) => JSON.stringify([kind, this.ask(file, SUMS(kind))])))
      .join('\n');
  }
}

const SUMS = (table: string): string =>
  `select cast(count(*) as text) as n, cast(sum(digest >> 30) as text) as high,
     cast(sum(digest & 1073741823) as text) as low from ${table}`;

/** What `EngineNode.sums` must be. */
export const truthSums = async (db: ClientBase): Promise<string> => {
  const kinds = ['tenant', 'domain', 'mailbox', 'address', 'tenant', 'domain', 'mailbox', 'credential'];
  const lines: string[] = [];
  for (const kind of kinds) {
    lines.push(JSON.stringify([kind, (await db.query(SUMS(`directory.${kind}`))).rows]));
  }
  return lines.join('\n');
};

export const waitUntil = async (
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<number> => {
  const startedAt = performance.now();
  for (;;) {
    const good = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    const ms = performance.now() - startedAt;
    if (good) return ms;
    if (ms > timeoutMs) throw new Error(`Not so after ${timeoutMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
};

export const waitForEqual = (node: EngineNode, db: ClientBase, timeoutMs = 20_000): Promise<number> =>
  waitUntil(async () => node.sums() === (await truthSums(db)), timeoutMs);

/** Leaves a stopped node behind what the feed still holds: it builds a new generation when it starts. */
export const outrun = async (db: ClientBase): Promise<void> => {
  await db.query('select pg_current_xact_id()');
  await db.query('update directory.feed_floor set xid = pg_current_xact_id()');
};
