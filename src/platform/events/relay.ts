import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Doors, call } from '../database/doors.js';
import { Loop } from '../operations/loop.js';
import { Listeners } from './listeners.js';
import { type Delivery, Queues } from './queue.js';

const BATCH = 200;
const PAUSE_MS = 500;
/** A delivery unsettled for this long is queued again, since Redis may have lost it; and then once an hour. */
const FORGOTTEN_MS = 120_000;
const AGAIN_MS = 3_600_000;

/**
 * Moves what happened from the outbox to the queue. An event is marked as relayed, and its deliveries opened, in one
 * transaction that commits only after the queue has taken them; a crash in between repeats the queueing, which the job
 * id and the inbox both absorb.
 */
@Injectable()
export class Relay {
  readonly loop = new Loop('Relay', PAUSE_MS, () => this.pass());

  constructor(
    private readonly doors: Doors,
    private readonly listeners: Listeners,
    private readonly queues: Queues,
    private readonly source: DataSource,
  ) {}

  /** Wakes on a NOTIFY of the outbox as well as by the clock, for a notice may be missed. */
  async start(): Promise<void> {
    this.loop.start();
    await this.loop.wakeOn(this.source, 'outbox');
  }

  /** Answers whether there may be more at once. */
  async pass(): Promise<boolean> {
    const moved = await this.doors.transaction(async (db) => {
      const events = await db.query<{ id: string; name: string }[]>(call('claim_events', 1), [BATCH]);
      const deliveries: Delivery[] = [];
      for (const { id, name } of events) {
        const listeners = this.listeners.namesFor(name);
        await db.query(call('open_inbox', 2), [id, listeners]);
        deliveries.push(...listeners.map((listener) => ({ eventId: id, listener })));
      }
      await this.enqueue(deliveries);
      return events.length;
    });
    return moved === BATCH;
  }

  /**
   * Queues again what nobody has settled for a while, under a new job id: a finished or failed job would swallow the
   * old one. The inbox keeps the effect to one. Run by a sweep.
   */
  async remind(now: Date): Promise<void> {
    const ago = (ms: number): Date => new Date(now.getTime() - ms);
    const rows = await this.doors.ask<{ event_id: string; listener: string }>(
      'remind',
      ago(FORGOTTEN_MS),
      ago(AGAIN_MS),
    );
    await this.enqueue(
      rows.map((row) => ({ eventId: row.event_id, listener: row.listener })),
      `.${now.getTime()}`,
    );
  }

  private async enqueue(deliveries: readonly Delivery[], again = ''): Promise<void> {
    if (deliveries.length === 0) return;
    await this.queues.deliveries.addBulk(
      deliveries.map((delivery) => ({
        name: delivery.listener,
        data: delivery,
        opts: { jobId: `${delivery.eventId}.${delivery.listener}${again}` },
      })),
    );
  }
}
