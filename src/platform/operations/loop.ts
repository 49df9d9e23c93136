import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Log } from '../logging/log.js';

const RESUBSCRIBE_MS = 2_000;

/**
 * Repeats a piece of work: at once while it says there is more, otherwise after a pause or when woken. A failure is
 * logged and followed by the pause, so a broken neighbour is not hammered.
 */
export class Loop {
  private readonly log: Log;
  private readonly stopping = new AbortController();
  private sleeping = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    name: string,
    private readonly pauseMs: number,
    private readonly work: () => Promise<boolean>,
  ) {
    this.log = new Log(name);
  }

  start(): void {
    this.done = this.run();
  }

  wake(): void {
    this.sleeping.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.done;
  }

  /** Listens on a Postgres channel with a connection of its own, for as long as the loop runs. */
  async wakeOn(source: DataSource, channel: string): Promise<void> {
    const runner = source.createQueryRunner();
    try {
      const client = (await runner.connect()) as NotifyingClient;
      client.on('notification', () => this.wake());
      const lost = new Promise<void>((resolve) => {
        client.on('end', () => resolve());
        client.on('error', () => resolve());
        this.stopping.signal.addEventListener('abort', () => resolve());
      });
      await runner.query(`listen ${channel}`);
      void lost.then(async () => this.again(source, channel, () => runner.release()));
    } catch (fault) {
      this.log.warn('Not listening for notices; the clock still wakes', { reason: String(fault) });
      void this.again(source, channel, () => runner.release());
    }
  }

  private async again(source: DataSource, channel: string, release: () => Promise<void>): Promise<void> {
    await release().catch((fault: unknown) => this.log.debug('Release failed', { reason: String(fault) }));
    if (this.stopping.signal.aborted) return;
    await pause(RESUBSCRIBE_MS);
    if (!this.stopping.signal.aborted) await this.wakeOn(source, channel);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let more = false;
      this.sleeping = new AbortController();
      try {
        more = await this.work();
      } catch (fault) {
        this.log.error('A pass failed and will be repeated', fault);
      }
      if (!more)
        await pause(this.pauseMs, undefined, { signal: this.sleeping.signal }).catch(() => undefined);
    }
  }
}

interface NotifyingClient {
  on(event: 'notification' | 'end' | 'error', heard: () => void): void;
}
