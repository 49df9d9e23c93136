import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, judgeRate } from './hourly-rate.js';
import { LocalCounters } from './local-counters.js';
import { SendingLimits } from './sending-limits.js';

const START = 1_000 * HOUR_MS;
const away = { count: () => Promise.reject(new Error('Redis is away')) };

describe('judgeRate', () => {
  it('allows up to the limit in one hour', () => {
    expect(judgeRate({ current: 19, previous: 0 }, 20, START).kind).toBe('allowed');
    expect(judgeRate({ current: 20, previous: 0 }, 20, START).kind).toBe('refused');
  });

  it('counts the part of the previous hour that lies within sixty minutes', () => {
    const half = START + HOUR_MS / 2;
    expect(judgeRate({ current: 9, previous: 20 }, 20, half).kind).toBe('allowed');
    expect(judgeRate({ current: 10, previous: 20 }, 20, half).kind).toBe('refused');
  });

  it('names a time at which one more message does fit, and no needlessly late one', () => {
    const counts = fc.record({ current: fc.nat(300), previous: fc.nat(300) });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 200 }), fc.nat(HOUR_MS - 1), (held, limit, into) => {
        const nowMs = START + into;
        const verdict = judgeRate(held, limit, nowMs);
        if (verdict.kind === 'allowed') return;
        const after = (seconds: number) => {
          const thenMs = nowMs + seconds * 1_000;
          const turned = Math.floor(thenMs / HOUR_MS) - Math.floor(nowMs / HOUR_MS);
          const then = turned === 0 ? held : { current: 0, previous: turned === 1 ? held.current : 0 };
          return judgeRate(then, limit, thenMs).kind;
        };
        expect(after(verdict.retryAfterSeconds + 1)).toBe('allowed');
        if (verdict.retryAfterSeconds > 2) expect(after(verdict.retryAfterSeconds - 2)).toBe('refused');
      }),
    );
  });
});

describe('SendingLimits', () => {
  it('still limits while Redis is away, by what this node counted', async () => {
    const limits = new SendingLimits(away, new LocalCounters(), () => undefined);
    const kinds: string[] = [];
    for (let n = 0; n < 25; n += 1) kinds.push((await limits.count('m', 20, START)).kind);
    expect(kinds.filter((kind) => kind === 'allowed')).toHaveLength(20);
  });

  it('remembers what it allowed before Redis went away', async () => {
    let current = 0;
    const redis = {
      count: () =>
        current < 15
          ? Promise.resolve({ current: current++, previous: 0 })
          : Promise.reject(new Error('away')),
    };
    const limits = new SendingLimits(redis, new LocalCounters(), () => undefined);
    let allowed = 0;
    for (let n = 0; n < 40; n += 1)
      if ((await limits.count('m', 20, START + n)).kind === 'allowed') allowed += 1;
    expect(allowed).toBe(20);
  });

  it('leaves Redis alone for a second after a fault', async () => {
    let asked = 0;
    const redis = {
      count: () => {
        asked += 1;
        return Promise.reject(new Error('slow'));
      },
    };
    const limits = new SendingLimits(redis, new LocalCounters(), () => undefined);
    for (let ms = 0; ms < 2_000; ms += 100) await limits.count('m', 100, START + ms);
    expect(asked).toBe(2);
  });

  it('forgets the mailboxes that sent longest ago first', () => {
    const local = new LocalCounters(2);
    for (const mailbox of ['a', 'b', 'c']) local.add(mailbox, START);
    expect(local.judge('a', 1, START).kind).toBe('allowed');
    expect(local.judge('c', 1, START).kind).toBe('refused');
  });
});
