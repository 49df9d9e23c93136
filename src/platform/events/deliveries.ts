import { Injectable } from '@nestjs/common';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { Counter } from 'prom-client';
import { call, Doors } from '../database/doors.js';
import { TenantDb } from '../database/tenant-db.js';
import { Refusal } from '../http/refusal.js';
import { Log } from '../logging/log.js';
import { metrics } from '../operations/operations-server.js';
import { withRequestId } from '../logging/request-id.js';
import { enterScope, PLATFORM, type Scope, scopeOfIds } from '../tenancy/scope.js';
import { declaredEvents } from './event.js';
import { type Listener, Listeners } from './listeners.js';
import { closeInTime, DELIVERIES, type Delivery, Queues } from './queue.js';

interface EventRow {
  readonly name: string;
  readonly payload: unknown;
  readonly reseller_id: string | null;
  readonly tenant_id: string | null;
}

/** `repeated` were delivered before and did nothing; `refused` will not be tried again, `failed` may be. */
type Outcome = 'settled' | 'repeated' | 'refused' | 'failed';

const outcomes = new Counter({
  name: 'livery_deliveries_total',
  help: 'Deliveries of events to listeners, by what became of them.',
  labelNames: ['outcome'] as const,
  registers: [metrics],
});

/** Takes deliveries from the queue and lets the listener react, in the scope of the row and not of the job. */
@Injectable()
export class Deliveries {
  private readonly log = new Log('Deliveries');
  private worker: Worker<Delivery> | null = null;

  constructor(
    private readonly queues: Queues,
    private readonly listeners: Listeners,
    private readonly doors: Doors,
    private readonly db: TenantDb,
  ) {}

  start(): void {
    this.worker = new Worker<Delivery>(DELIVERIES, (job) => this.deliver(job), {
      connection: this.queues.connect({ maxRetriesPerRequest: null }),
      concurrency: 8,
      maxStalledCount: 5,
    });
    this.worker.on('error', (fault) => this.log.warn('The queue is away', { reason: fault.message }));
    this.worker.on('failed', (job, fault) =>
      this.log.warn('A delivery failed', {
        job: job?.id ?? '',
        attempt: job?.attemptsMade ?? 0,
        reason: fault.message,
      }),
    );
  }

  async stop(): Promise<void> {
    await closeInTime(this.worker);
  }

  async deliver(job: Pick<Job<Delivery>, 'data'>): Promise<void> {
    let outcome: Outcome = 'failed';
    try {
      outcome = await this.handOver(job.data);
    } catch (thrown) {
      if (thrown instanceof UnrecoverableError) outcome = 'refused';
      throw thrown;
    } finally {
      outcomes.inc({ outcome });
    }
  }

  private async handOver({ eventId, listener: name }: Delivery): Promise<Outcome> {
    const listener = this.listeners.find(name);
    if (!listener) throw new Error(`No listener is called ${name}; a newer worker may have it.`);
    const row = await this.doors.askOne<EventRow>('event', eventId);
    if (!row || row.name !== listener.eventName)
      throw new UnrecoverableError(`No event ${eventId} for ${name}.`);
    const cause = `event ${row.name} ${eventId}`;
    return withRequestId(eventId, () =>
      enterScope(scopeOf(row, listener.as), { actor: PLATFORM, cause }, () =>
        this.react(listener, eventId, row),
      ),
    );
  }

  private async react(listener: Listener, eventId: string, row: EventRow): Promise<Outcome> {
    const type = declaredEvents().find((one) => one.name === row.name);
    try {
      return await this.db.transaction<Outcome>(async (db) => {
        const [taken] = await db.query<{ take_delivery: boolean }[]>(call('take_delivery', 2), [
          eventId,
          listener.name,
        ]);
        if (!taken?.take_delivery) return 'repeated';
        await listener.react(type?.payload.parse(row.payload));
        await db.query(call('settle_delivery', 2), [eventId, listener.name]);
        return 'settled';
      });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      // A refusal stays one however often it is tried: settle it, and leave the job to be seen.
      await this.doors.ask('settle_delivery', eventId, listener.name);
      throw new UnrecoverableError(thrown.message);
    }
  }
}

const scopeOf = (row: EventRow, as: Listener['as']): Scope =>
  scopeOfIds(row.reseller_id, as === 'reseller' ? null : row.tenant_id);
