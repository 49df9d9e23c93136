import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Queue, type Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Configuration } from '../config/config.module.js';
import { Log } from '../logging/log.js';

export const DELIVERIES = 'deliveries';
export const SWEEPS = 'sweeps';

/** A job names a delivery and carries nothing else: what it is about is read from the outbox row. */
export interface Delivery {
  readonly eventId: string;
  readonly listener: string;
}

const KEEP = { removeOnComplete: { count: 1_000 }, removeOnFail: { age: 7 * 24 * 3600 } } as const;

/** The queues on Redis. Producers fail at once when it is away; the outbox keeps the intent. */
@Injectable()
export class Queues implements OnApplicationShutdown {
  private readonly log = new Log('Queues');
  private readonly connections: Redis[] = [];
  readonly deliveries: Queue<Delivery>;
  readonly sweeps: Queue;

  constructor(private readonly configuration: Configuration) {
    const connection = this.connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    this.deliveries = new Queue<Delivery>(DELIVERIES, {
      connection,
      defaultJobOptions: { attempts: 12, backoff: { type: 'exponential', delay: 500 }, ...KEEP },
    });
    this.sweeps = new Queue(SWEEPS, { connection, defaultJobOptions: { attempts: 1, ...KEEP } });
    for (const queue of [this.deliveries, this.sweeps])
      queue.on('error', (fault) => this.log.warn('The queue is away', { reason: fault.message }));
  }

  /** Workers wait for Redis as long as it takes. */
  connect(options: { enableOfflineQueue?: boolean; maxRetriesPerRequest: number | null }): Redis {
    const redis = new Redis(this.configuration.REDIS_URL, {
      ...options,
      retryStrategy: (attempt) => Math.min(attempt * 200, 2_000),
    });
    redis.on('error', (fault) => this.log.warn('Redis is away', { reason: fault.message }));
    this.connections.push(redis);
    return redis;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.deliveries.close(), this.sweeps.close()]);
    for (const redis of this.connections) redis.disconnect();
  }
}

const CLOSING_MS = 20_000;

/** Waits for what a worker has under way, but not for ever, as BullMQ itself would. */
export const closeInTime = async (worker: Worker | null): Promise<void> => {
  await Promise.race([worker?.close(), new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref())]);
};
