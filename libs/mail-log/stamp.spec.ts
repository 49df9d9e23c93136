import { describe, expect, it } from 'vitest';
import { parseStamp, resolveStamp } from './stamp.js';

const at = (text: string, now: string): string =>
  resolveStamp(parseStamp(text)!, new Date(now), 'utc').toISOString();

describe('resolveStamp', () => {
  it('takes the year of the present', () => {
    expect(at('Nov 23 16:05:09', '2026-11-23T16:05:10Z')).toBe('2026-11-23T16:05:09.000Z');
  });

  it('takes the last year for December when it is January', () => {
    expect(at('Dec 31 23:59:59', '2027-01-01T00:00:02Z')).toBe('2026-12-31T23:59:59.000Z');
  });

  it('takes the next year for January when the clock is behind the log', () => {
    expect(at('Jan  1 00:00:00', '2026-12-31T23:59:59Z')).toBe('2027-01-01T00:00:00.000Z');
  });
});

describe('parseStamp', () => {
  it.each(['', 'nov 23 16:05:09', 'Nvo 23 16:05:09', 'Nov 23 16:05', '2026-11-23T16:05:09'])(
    'refuses %j',
    (text) => {
      expect(parseStamp(text)).toBeNull();
    },
  );
});
