import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { Log } from '../../platform/logging/log.js';
import { backOffMs } from '../feed/back-off.js';

/** A piece of reporting; answers whether there is more to send at once. */
export type Report = (client: Client) => Promise<boolean>;

/**
 * Repeats one kind of report over a connection of its own, so that a slow one holds up neither the others nor the
 * feed. While Postgres is away everything to report waits where it lies.
 */
export class ReportLoop {
  private readonly log: Log;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly pauseMs: number,
    private readonly connect: () => Promise<Client>,
    private readonly report: Report,
  ) {
    this.log = new Log(name);
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt += 1) {
      const startedAt = Date.now();
      await this.reportUntilFault().catch((fault: unknown) => {
        this.log.warn('Reports wait', { report: this.name, reason: String(fault) });
      });
      if (Date.now() - startedAt > 30_000) attempt = 0;
      await this.sleep(backOffMs(attempt, Math.random));
    }
  }

  private async reportUntilFault(): Promise<void> {
    const client = await this.connect();
    try {
      while (!this.stopping.signal.aborted) {
        const more = await this.report(client);
        if (!more) await this.sleep(this.pauseMs);
      }
    } finally {
      await client.end();
    }
  }

  private async sleep(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
