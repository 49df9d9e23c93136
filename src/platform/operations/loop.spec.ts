import { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../logging/log.js';
import { Loop } from './loop.js';

const LONG_MS = 60_000;
let loop: Loop | null = null;

beforeAll(() => setLogLevel('fatal'));
afterEach(() => loop?.stop());

/** A loop that counts its passes; `more` says how often there is more to do at once. */
const counting = (pauseMs: number, work: (pass: number) => boolean | Promise<boolean>) => {
  const count = { passes: 0 };
  loop = new Loop('Suite', pauseMs, async () => work((count.passes += 1)));
  return { count, loop };
};

describe('a loop', () => {
  it('goes on at once while there is more, then pauses', async () => {
    const { count, loop: running } = counting(LONG_MS, (pass) => pass < 5);
    running.start();
    await vi.waitFor(() => expect(count.passes).toBe(5));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(count.passes).toBe(5);
  });

  it('goes on after its pause', async () => {
    const { count, loop: running } = counting(5, () => false);
    running.start();
    await vi.waitFor(() => expect(count.passes).toBeGreaterThan(3));
  });

  it('wakes from its pause', async () => {
    const { count, loop: running } = counting(LONG_MS, () => false);
    running.start();
    await vi.waitFor(() => expect(count.passes).toBe(1));
    running.wake();
    await vi.waitFor(() => expect(count.passes).toBe(2));
  });

  it('does not miss being woken while it works', async () => {
    const { count, loop: running } = counting(LONG_MS, (pass) => {
      if (pass === 1) running.wake();
      return false;
    });
    running.start();
    await vi.waitFor(() => expect(count.passes).toBe(2));
  });

  it('outlives a pass that fails, and pauses before the next', async () => {
    const { count, loop: running } = counting(5, (pass) => {
      if (pass === 1) throw new Error('once');
      return false;
    });
    running.start();
    await vi.waitFor(() => expect(count.passes).toBeGreaterThan(2));
  });

  it('stops after the pass under way, and not before', async () => {
    let finish = (): void => {};
    const underWay = new Promise<void>((resolve) => (finish = resolve));
    const { count, loop: running } = counting(LONG_MS, async () => {
      await underWay;
      return true;
    });
    running.start();
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(count.passes).toBe(1);
  });
});

describe('a loop that listens to the database', () => {
  const listening = () => {
    const client = new EventEmitter();
    const runner = {
      connect: async () => client,
      query: vi.fn(async () => undefined),
      release: vi.fn(async () => undefined),
    };
    return { client, runner, source: { createQueryRunner: () => runner } as unknown as DataSource };
  };

  it('wakes when it is notified, and gives its connection back when it stops', async () => {
    const { client, runner, source } = listening();
    const { count, loop: running } = counting(LONG_MS, () => false);
    running.start();
    await running.wakeOn(source, 'outbox');
    expect(runner.query).toHaveBeenCalledWith('listen outbox');
    client.emit('notification');
    await vi.waitFor(() => expect(count.passes).toBe(2));
    await running.stop();
    await vi.waitFor(() => expect(runner.release).toHaveBeenCalledTimes(1));
  });

  it('listens again, on a new connection, when its own is lost', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { client, runner, source } = listening();
    const { loop: running } = counting(LONG_MS, () => false);
    await running.wakeOn(source, 'outbox');
    client.emit('error');
    vi.useRealTimers();
    await vi.waitFor(() => expect(runner.query).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  });
});
