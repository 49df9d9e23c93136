import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../../src/stack/demo/api-client.js';
import type { Book } from './book.js';

/** One write to the API. A status of 0 is no answer at all: it may or may not have happened. */
export interface Write {
  readonly name: string;
  readonly key: string;
  readonly path: string;
  readonly body: object;
  readonly status: number;
  readonly text: string;
  readonly atMs: number;
}

type Wish = Pick<Write, 'name' | 'path' | 'body'>;

export interface WriteLoadPlan {
  readonly book: Book<Write>;
  readonly api: ApiClient;
  /** The write of this number; null when there are no more. */
  readonly wish: (number: number) => Wish | null;
  readonly pauseMs: number;
}

/** An administrator's program: one write after the other, each repeated with its Idempotency-Key until it is done. */
export class WriteLoad {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly plan: WriteLoadPlan) {}

  start(): void {
    this.running = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(): Promise<void> {
    const { api, book, wish, pauseMs } = this.plan;
    for (let number = 0; !this.stopping.signal.aborted;) {
      const wished = wish(number);
      if (wished === null) return;
      const write = await ask(api, { ...wished, key: `survival-${wished.name}` });
      book.write(write);
      if (write.status === 201) number += 1;
      await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}

/** Says a write again with the key it had. */
export const ask = async (
  api: ApiClient,
  write: Pick<Write, 'name' | 'key' | 'path' | 'body'>,
): Promise<Write> => {
  const { name, key, path, body } = write;
  const answer = await api
    .ask('POST', path, body, { 'idempotency-key': key })
    .catch((fault: unknown) => ({ status: 0, text: String(fault) }));
  return { name, key, path, body, ...answer, atMs: Date.now() };
};
