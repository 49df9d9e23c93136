import type Database from 'better-sqlite3';
import { setTimeout as pause } from 'node:timers/promises';
import { Log } from '../../platform/logging/log.js';
import { revocationsDone, revocationsFailed, revocationsWaiting } from '../metrics.js';
import { FACT_PREFIX, type RevocationKind } from './revocation.js';

/** The mail store's side of a revocation. Each rejects when the store did not take the order. */
export interface SessionControl {
  /** Forgets cached sign-ins of these users; of everybody when the list is empty. */
  flush(users: readonly string[]): Promise<void>;
  /** Ends the sessions of everybody the mask fits; nobody signed in is no failure. */
  kick(mask: string): Promise<void>;
}

const BATCH = 50;
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 30_000;

interface Waiting {
  readonly key: string;
  readonly value: string;
}

/** Works off what `revocationFacts` stored, apart from the loop that applies rows; repeats until the store took it. */
export class RevocationQueue {
  private readonly log = new Log('Revocations');
  private readonly stopping = new AbortController();
  private waking = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private retryMs = RETRY_FIRST_MS;

  constructor(
    private readonly auth: () => Database.Database | null,
    private readonly sessions: SessionControl,
  ) {}

  start(): void {
    this.running = this.run();
  }

  wake(): void {
    this.waking.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.waking.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.waking = new AbortController();
      const waitMs = await this.pass();
      if (waitMs === 0 || this.stopping.signal.aborted) continue;
      await pause(waitMs, undefined, { signal: this.waking.signal }).catch(() => undefined);
    }
  }

  /** Milliseconds until the next pass: none while there is more to do, longer after each failure. */
  private async pass(): Promise<number> {
    try {
      const auth = this.auth();
      if (auth === null || !auth.open) return RETRY_FIRST_MS;
      const batch = readBatch(auth);
      if (batch.length === 0) return RETRY_LONGEST_MS;
      await this.carryOut(auth, batch);
      this.retryMs = RETRY_FIRST_MS;
      return 0;
    } catch (fault) {
      revocationsFailed.inc();
      this.log.warn('The mail store did not take a revocation; it will be repeated', {
        reason: String(fault),
      });
      this.retryMs = Math.min(this.retryMs * 2, RETRY_LONGEST_MS);
      // Not to be woken early: each new change would hammer a store that is down.
      await pause(this.retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      return 0;
    }
  }

  private async carryOut(auth: Database.Database, batch: readonly Waiting[]): Promise<void> {
    const masks = batch.map(({ key }) => key.slice(FACT_PREFIX.length));
    await this.sessions.flush(masks.some((mask) => mask.startsWith('*')) ? [] : masks);
    const forget = auth.prepare('delete from meta where key = ? and value = ?');
    for (const [index, { key, value }] of batch.entries()) {
      const kind: RevocationKind = value.startsWith('kick') ? 'kick' : 'flush';
      if (kind === 'kick') await this.sessions.kick(masks[index] ?? '');
      forget.run(key, value);
      revocationsDone.inc({ kind });
    }
  }
}

const readBatch = (auth: Database.Database): Waiting[] => {
  // ";" follows ":": the range of all keys with the prefix.
  const where = `from meta where key >= '${FACT_PREFIX}' and key < 'revocation;'`;
  revocationsWaiting.set(auth.prepare(`select count(*) ${where}`).pluck().get() as number);
  return auth.prepare<[number], Waiting>(`select key, value ${where} limit ?`).all(BATCH);
};
