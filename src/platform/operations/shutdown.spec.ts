import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { setLogLevel } from '../logging/log.js';
import { shutDownOnSignal } from './shutdown.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
let exits: (string | number | null | undefined)[];
let before: Map<string, Function[]>;

beforeAll(() => setLogLevel('fatal'));
beforeEach(() => {
  exits = [];
  before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    exits.push(code);
    return undefined as never;
  });
});
afterEach(() => {
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal))
      if (!before.get(signal)?.includes(listener)) process.removeListener(signal, listener);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const step =
  (name: string, done: string[], failing = false) =>
  async (): Promise<void> => {
    done.push(`${name} begins`);
    await Promise.resolve();
    if (failing) throw new Error(name);
    done.push(`${name} ends`);
  };

describe('shutting down', () => {
  it.each(SIGNALS)('runs its steps one after the other on %s, then leaves with 0', async (signal) => {
    const done: string[] = [];
    shutDownOnSignal(step('drain', done), step('close', done));
    process.emit(signal);
    await vi.waitFor(() => expect(exits).toEqual([0]));
    expect(done).toEqual(['drain begins', 'drain ends', 'close begins', 'close ends']);
  });

  it('goes on with the next step when one fails', async () => {
    const done: string[] = [];
    shutDownOnSignal(step('drain', done, true), step('close', done));
    process.emit('SIGTERM');
    await vi.waitFor(() => expect(exits).toEqual([0]));
    expect(done).toEqual(['drain begins', 'close begins', 'close ends']);
  });

  it('runs its steps once, however often it is told', async () => {
    const done: string[] = [];
    shutDownOnSignal(step('drain', done));
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) process.emit(signal);
    await vi.waitFor(() => expect(exits).toEqual([0]));
    expect(done).toEqual(['drain begins', 'drain ends']);
  });

  it('leaves with 1 after 25 seconds when a step does not end', async () => {
    vi.useFakeTimers();
    shutDownOnSignal(() => new Promise(() => undefined));
    process.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(24_900);
    expect(exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(exits).toEqual([1]);
  });
});
