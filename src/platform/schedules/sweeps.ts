import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { Worker } from 'bullmq';
import { Counter } from 'prom-client';
import { closeInTime, Queues, SWEEPS } from '../events/queue.js';
import { Log } from '../logging/log.js';
import { metrics } from '../operations/operations-server.js';
import { SWEEP, type SweepWish } from './sweep.js';

const REGISTER_AGAIN_MS = 60_000;

type Methods = Record<string, (() => Promise<void>) | undefined>;

const outcomes = new Counter({
  name: 'livery_sweeps_total',
  help: 'Runs of sweeps, by what became of them.',
  labelNames: ['name', 'outcome'] as const,
  registers: [metrics],
});

/** Runs the sweeps of the application on their schedules; with several workers each run happens in one of them. */
@Injectable()
export class Sweeps {
  private readonly log = new Log('Sweeps');
  private readonly runs = new Map<string, { readonly wish: SweepWish; readonly run: () => Promise<void> }>();
  private worker: Worker | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    private readonly queues: Queues,
  ) {}

  start(): void {
    for (const { instance } of this.discovery.getProviders())
      if (typeof instance === 'object' && instance !== null) this.collect(instance as Methods);
    this.worker = new Worker(SWEEPS, (job) => this.run(job.name), {
      connection: this.queues.connect({ maxRetriesPerRequest: null }),
      concurrency: 2,
    });
    this.worker.on('error', (fault) => this.log.warn('The queue is away', { reason: fault.message }));
    this.worker.on('failed', (job, fault) => this.log.error(`The sweep ${job?.name ?? ''} failed`, fault));
    void this.register();
    // Redis may have been emptied: schedules are written again and again.
    this.timer = setInterval(() => void this.register(), REGISTER_AGAIN_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await closeInTime(this.worker);
  }

  /** Runs one sweep now, in this process. For tests and for the command line. */
  async run(name: string): Promise<void> {
    const sweep = this.runs.get(name);
    if (!sweep) throw new Error(`No sweep is called ${name}.`);
    try {
      await sweep.run();
      outcomes.inc({ name, outcome: 'done' });
    } catch (fault) {
      outcomes.inc({ name, outcome: 'failed' });
      throw fault;
    }
  }

  private async register(): Promise<void> {
    try {
      for (const { wish } of this.runs.values())
        await this.queues.sweeps.upsertJobScheduler(
          wish.name,
          { every: wish.everySeconds * 1_000 },
          { name: wish.name },
        );
    } catch (fault) {
      this.log.warn('The schedules could not be written', { reason: String(fault) });
    }
  }

  private collect(instance: Methods): void {
    const prototype = Object.getPrototypeOf(instance) as Methods;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method];
      const wish = handler && this.reflector.get<SweepWish | undefined>(SWEEP, handler);
      if (!handler || !wish) continue;
      if (this.runs.has(wish.name)) throw new Error(`Two sweeps are called ${wish.name}.`);
      this.runs.set(wish.name, { wish, run: handler.bind(instance) });
    }
  }
}
