import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSeen, parseSnapshot, REPLAYED_XIDS, resumeFrom, seenBelow } from './snapshot.js';

describe('parseSnapshot', () => {
  it('reads open transactions, and none', () => {
    expect(parseSnapshot('10:20:10,14')).toEqual({ xmin: 10n, xmax: 20n, open: [10n, 14n] });
    expect(parseSnapshot('20:20:')).toEqual({ xmin: 20n, xmax: 20n, open: [] });
  });

  it('refuses what is none', () => {
    expect(() => parseSnapshot('10')).toThrow('Not a snapshot');
  });
});

describe('isSeen', () => {
  it('shows what was complete and nothing else', () => {
    const snapshot = parseSnapshot('10:20:10,14');
    expect([9n, 10n, 13n, 14n, 19n, 20n].map((xid) => isSeen(xid, snapshot))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('is the unseen of one snapshot split by the next: each transaction is read exactly once', () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: 30 }, (_, n) => BigInt(n + 1)),
      { minLength: 30 },
    );
    fc.assert(
      fc.property(order, fc.array(fc.nat(30), { maxLength: 6 }), (commits, cuts) => {
        const read: bigint[] = [];
        let seen = seenBelow(0n);
        for (const cut of [...cuts.toSorted((a, b) => a - b), 30]) {
          const done = commits.slice(0, cut);
          const open = commits.slice(cut).toSorted((a, b) => Number(a - b));
          const next = { xmin: open[0] ?? 31n, xmax: 31n, open };
          read.push(...done.filter((xid) => !isSeen(xid, seen)));
          seen = next;
        }
        expect(read.toSorted((a, b) => Number(a - b))).toEqual(commits.toSorted((a, b) => Number(a - b)));
      }),
    );
  });
});

describe('resumeFrom', () => {
  it('goes back by the numbers a crash may give out again', () => {
    expect(resumeFrom(100_000n, 0n)).toEqual(seenBelow(100_000n - REPLAYED_XIDS));
  });

  it('never goes below what was pruned, or below nothing', () => {
    expect(resumeFrom(100_000n, 99_000n)).toEqual(seenBelow(99_000n));
    expect(resumeFrom(5n, 0n)).toEqual(seenBelow(0n));
  });
});
