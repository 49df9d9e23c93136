import { describe, expect, it } from 'vitest';
import { judgeFilling, percentUsed, quotaToStore, renderSize } from './quota.js';

const GB = 1_000_000_000;

describe('judgeFilling', () => {
  it.each([
    [0, 0],
    [79.999, 0],
    [80, 80],
    [89.9, 80],
    [90, 90],
    [94.9, 90],
    [95, 95],
    [99.9, 95],
    [100, 100],
    [250, 100],
  ])('says of a mailbox filled to %d % that it has reached %d', (percent, reached) => {
    expect(judgeFilling(Math.floor(percent * GB), 100 * GB)).toBe(reached);
  });

  it('calls a mailbox full that has no room for a letter, though a few bytes are left', () => {
    expect(judgeFilling(10 * GB - 20_000, 10 * GB)).toBe(95);
    expect(judgeFilling(10 * GB - 19_999, 10 * GB)).toBe(100);
  });
});

describe('percentUsed', () => {
  it('rounds down and stays exact where floating point does not', () => {
    expect(percentUsed(9_007_199_254_740_990, 9_007_199_254_740_991)).toBe(99);
    expect(percentUsed(3 * GB, 2 * GB)).toBe(150);
  });
});

describe('quotaToStore', () => {
  it('keeps nothing when the wish is what the plan gives', () => {
    expect(quotaToStore(5 * GB, 5 * GB)).toBeNull();
    expect(quotaToStore(null, 5 * GB)).toBeNull();
    expect(quotaToStore(GB, 5 * GB)).toBe(GB);
  });
});

describe('renderSize', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [2_500_000, '2.5 MB'],
    [5 * GB, '5 GB'],
    [999_999_999, '999.9 MB'],
    [3_000_000 * GB, '3000 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(renderSize(bytes)).toBe(text);
  });
});
