import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { Log } from '../../platform/logging/log.js';
import type { DirectoryPair } from '../directory/directory-pair.js';
import type { FedKind } from '../directory/file-tables.js';
import { appliedEntries } from '../metrics.js';
import type { SigningKeys } from '../signing/signing-keys.js';
import { AntiEntropy } from './anti-entropy.js';
import { backOffMs } from './back-off.js';
import type { DirectoryKeeper } from './directory-keeper.js';
import type { FeedEntry } from './feed-reading.js';
import { runRound } from './feed-round.js';
import type { Snapshot } from './snapshot.js';

export interface FollowerWishes {
  readonly connect: () => Promise<Client>;
  readonly keeper: DirectoryKeeper;
  readonly signingKeys: SigningKeys;
  /** Called after rows went in, so that revocations among them are carried out. */
  readonly applied: () => void;
  /** How long to wait for a notice before looking all the same. */
  readonly pollMs: number;
  readonly compareEveryMs: number;
  /** Off only in tests of what happens when notices are lost. */
  readonly listen: boolean;
}

/** Where a node is; what it reports to Postgres. */
export interface FollowerState {
  readonly generation: number;
  readonly cursor: bigint;
  readonly appliedAt: Date;
}

const IDLE_CURSOR_MS = 5_000;

/** Keeps the files equal to Postgres. Mail does not wait for it: while it is away only freshness suffers. */
export class FeedFollower {
  private readonly log = new Log('Feed');
  private readonly stopping = new AbortController();
  private readonly antiEntropy: AntiEntropy;
  private sleeping = new AbortController();
  private again: FeedEntry[] = [];
  private running: Promise<void> = Promise.resolve();
  private position: FollowerState | null = null;
  private compareAt = 0;
  private cursorStoredAt = 0;

  constructor(private readonly wishes: FollowerWishes) {
    this.antiEntropy = new AntiEntropy(wishes.connect, (kind, ids) => this.recheck(kind, ids));
  }

  get state(): FollowerState | null {
    return this.position;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.sleeping.abort();
    await this.running;
    await this.antiEntropy.settled();
  }

  /** Has rows read again that the feed does not name. */
  recheck(kind: FedKind, ids: readonly string[]): void {
    this.again.push(...ids.map((id) => ({ xid: '0', seq: '0', kind, id })));
    this.sleeping.abort();
  }

  /** Compares with Postgres at the end of the next round, instead of when the time has come. */
  compareSoon(): void {
    this.compareAt = 0;
    this.sleeping.abort();
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt += 1) {
      const startedAt = Date.now();
      try {
        await this.followConnection();
      } catch (fault) {
        this.log.warn('Postgres is out of reach; the files stay as they are', { reason: String(fault) });
      }
      if (Date.now() - startedAt > 30_000) attempt = 0;
      this.sleeping = new AbortController();
      await this.sleep(backOffMs(attempt, Math.random));
    }
  }

  private async followConnection(): Promise<void> {
    const client = await this.wishes.connect();
    const lost = new Promise<never>((_resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('The connection ended.')));
    });
    try {
      await Promise.race([this.follow(client), lost]);
    } finally {
      lost.catch(() => undefined);
      await client.end();
    }
  }

  private async follow(client: Client): Promise<void> {
    client.on('notification', () => this.sleeping.abort());
    if (this.wishes.listen) await client.query('listen directory');
    const aligned = await this.wishes.keeper.align(client);
    const { pair } = aligned;
    let seen = aligned.seen;
    // What changed in between may have come from a server that forgot: look closely after each new connection.
    this.compareAt = 0;
    await this.wishes.signingKeys.reconcile(client);
    while (!this.stopping.signal.aborted) {
      this.sleeping = new AbortController();
      seen = await this.round(client, pair, seen);
      if (this.again.length === 0) await this.sleep(this.wishes.pollMs);
    }
  }

  private async round(client: Client, pair: DirectoryPair, seen: Snapshot): Promise<Snapshot> {
    const again = this.again.splice(0);
    const { signingKeys } = this.wishes;
    const result = await runRound({
      client,
      pair,
      seen,
      again,
      applySigningKeys: (reader, ids) => signingKeys.apply(reader, ids),
      atRest: () => this.compare(client, pair),
    }).catch((fault: unknown) => {
      this.again.push(...again);
      throw fault;
    });
    this.record(pair, result.snapshot, result.appliedRows);
    return result.snapshot;
  }

  private async compare(client: Client, pair: DirectoryPair): Promise<void> {
    if (Date.now() < this.compareAt || this.antiEntropy.busy) return;
    this.compareAt = Date.now() + this.wishes.compareEveryMs;
    await this.antiEntropy.begin(client, pair);
    await this.wishes.signingKeys.compare(client);
  }

  private record(pair: DirectoryPair, snapshot: Snapshot, appliedRows: number): void {
    const now = new Date();
    // A quiet feed still moves on: otherwise pruning would overtake this node.
    if (appliedRows > 0 || now.getTime() - this.cursorStoredAt > IDLE_CURSOR_MS) {
      if (appliedRows === 0) pair.apply(new Map(), { cursor: String(snapshot.xmin) });
      this.cursorStoredAt = now.getTime();
      this.wishes.keeper.recordCursor(snapshot.xmin);
      this.position = { generation: pair.generation, cursor: snapshot.xmin, appliedAt: now };
    } else if (this.position !== null) {
      this.position = { ...this.position, appliedAt: now };
    }
    if (appliedRows === 0) return;
    appliedEntries.inc(appliedRows);
    this.wishes.applied();
  }

  private async sleep(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await pause(ms, undefined, { signal: this.sleeping.signal }).catch(() => undefined);
  }
}
