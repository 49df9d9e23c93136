import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLine } from './line.js';

/** Each line of the corpus stands below the facts it must give: `kind name=value …`, or `none`. */
const corpus = readFileSync(new URL('corpus.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const cases = corpus.flatMap((expected, n) => (n % 2 === 0 ? [{ expected, line: corpus[n + 1] ?? '' }] : []));

const facts = (expected: string): Record<string, string> => {
  const [kind = '', ...pairs] = expected.split(' ; ');
  return Object.fromEntries([['kind', kind], ...pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2))]);
};

describe('parseLine', () => {
  it('is held against at least sixty lines', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it.each(cases)('reads $line', ({ expected, line }) => {
    const event = parseLine(line);
    if (expected === 'none') return expect(event).toBeNull();
    const told = Object.fromEntries(
      Object.entries(event ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(told).toMatchObject(facts(expected));
  });

  it('does not read what is longer than a line of Postfix', () => {
    const line = `Nov 23 16:05:09 mx postfix/qmgr[7]: 4ZxYz01XyBz3nV: removed`;
    expect(parseLine(line)?.kind).toBe('removed');
    expect(parseLine(`${line}${' '.repeat(5_000)}`)).toBeNull();
  });

  it('does not read a line with control characters in it', () => {
    expect(
      parseLine(
        `Nov 23 16:05:09 mx postfix/qmgr[7]: 4ZxYz01XyBz3nV: from=<\0>, size=1, nrcpt=1 (queue active)`,
      ),
    ).toBe(null);
  });

  it('never throws and never takes long, whatever the text', () => {
    const head = 'Nov 23 16:05:09 mx postfix/smtpd[7]: NOQUEUE: reject: RCPT from a[1.2.3.4]: ';
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 4_000 }), (text) => {
        expect(() => parseLine(text)).not.toThrow();
        expect(() => parseLine(head + text)).not.toThrow();
      }),
    );
    const startedAt = performance.now();
    for (const piece of ['; from=<', ', sasl_username=', 'to=<a>, ', '['.repeat(9), '/a']) {
      parseLine(head + piece.repeat(400));
      parseLine(`Nov 23 16:05:09 mx postfix${piece.repeat(400)}[7]: x`);
    }
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
