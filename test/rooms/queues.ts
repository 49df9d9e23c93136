import type { Delivery } from '../../src/platform/events/queue.js';
import { Queues } from '../../src/platform/events/queue.js';
import type { Replacement } from './harness.js';

interface Added {
  readonly data: Delivery;
  readonly opts: { readonly jobId: string };
}

/** A queue that a suite looks into, and whose jobs it runs, loses or doubles by its own hand. */
export class FakeQueues {
  /** Like the real queue, takes a job id once. */
  readonly jobs = new Map<string, Delivery>();
  /** Called while the relay's transaction is still open. */
  onAdd: (deliveries: readonly Delivery[]) => Promise<void> = async () => {};

  readonly deliveries = {
    addBulk: async (added: readonly Added[]): Promise<void> => {
      for (const { data, opts } of added) this.jobs.set(opts.jobId, data);
      await this.onAdd(added.map(({ data }) => data));
    },
  };

  get replacement(): Replacement {
    return { token: Queues, value: this };
  }

  /** Everything that is queued, and nothing afterwards. */
  take(): Delivery[] {
    const taken = [...this.jobs.values()];
    this.jobs.clear();
    return taken;
  }
}
