import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Clock } from '../config/clock.js';
import { Doors } from '../database/doors.js';
import { Log } from '../logging/log.js';
import { metrics } from '../operations/operations-server.js';

const WAITING = 'livery_outbox_waiting';
const OLDEST = 'livery_outbox_oldest_seconds';

interface BacklogRow {
  /** A bigint, which the driver hands over as text. */
  readonly waiting: string;
  readonly oldest_at: Date | null;
}

/** What the relay has not yet passed on, read when it is asked for. Without the database there is no number at all. */
@Injectable()
export class Backlog implements OnApplicationShutdown {
  private readonly log = new Log('Backlog');

  constructor(
    private readonly doors: Doors,
    private readonly clock: Clock,
  ) {
    this.gauge(WAITING, 'Events that wait to be passed on.', ({ waiting }) => Number(waiting));
    this.gauge(OLDEST, 'Age of the event that has waited longest.', ({ oldest_at: oldest }) =>
      oldest ? Math.max(0, this.clock.now().getTime() - oldest.getTime()) / 1_000 : 0,
    );
  }

  onApplicationShutdown(): void {
    for (const name of [WAITING, OLDEST]) metrics.removeSingleMetric(name);
  }

  private gauge(name: string, help: string, read: (row: BacklogRow) => number): void {
    const collect = (): Promise<void> => this.fill(gauge, read);
    const gauge: Gauge = new Gauge({ name, help, registers: [metrics], collect });
  }

  private async fill(gauge: Gauge, read: (row: BacklogRow) => number): Promise<void> {
    try {
      const row = await this.doors.askOne<BacklogRow>('outbox_backlog');
      if (row) gauge.set(read(row));
    } catch (fault) {
      gauge.remove();
      this.log.warn('The backlog cannot be read', { reason: String(fault) });
    }
  }
}
