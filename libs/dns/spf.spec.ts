import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FakeRecords, fakeResolver } from './fake-resolver.js';
import { countSpfLookups, isSpf, mergeSpf, parseSpf, spfAuthorises } from './spf.js';

const ours = '_spf.zone.test';

describe('parseSpf', () => {
  it('reads qualifiers, mechanisms with values and prefixes, and modifiers', () => {
    const parsed = parseSpf('v=spf1  +a mx/24 -ip4:192.0.2.0/24 ?Include:x.test exp=why.test ~all');
    expect(parsed.ok && parsed.terms.map(({ qualifier, name, value }) => [qualifier, name, value])).toEqual([
      ['+', 'a', null],
      ['+', 'mx', '/24'],
      ['-', 'ip4', '192.0.2.0/24'],
      ['?', 'include', 'x.test'],
      ['+', 'exp', 'why.test'],
      ['~', 'all', null],
    ]);
  });

  it.each([
    ['v=spf10 all', 'not-spf', null],
    ['spf1 all', 'not-spf', null],
    ['v=spf1 include', 'syntax', 'include'],
    ['v=spf1 all:x', 'syntax', 'all:x'],
    ['v=spf1 foo:bar -all', 'syntax', 'foo:bar'],
    ['v=spf1 192.0.2.1', 'syntax', '192.0.2.1'],
  ])('refuses %j as %s', (text, reason, term) => {
    expect(parseSpf(text)).toEqual({ ok: false, reason, term });
  });
});

describe('mergeSpf', () => {
  it.each([
    [null, 'v=spf1 include:_spf.zone.test ~all'],
    ['google-site-verification=1', 'v=spf1 include:_spf.zone.test ~all'],
    ['v=spf1 -all', 'v=spf1 include:_spf.zone.test -all'],
    ['v=spf1 a mx ?all', 'v=spf1 a mx include:_spf.zone.test ?all'],
    [
      'v=spf1 include:crm.test ~all exp=x.test',
      'v=spf1 include:crm.test include:_spf.zone.test ~all exp=x.test',
    ],
    ['v=spf1 a', 'v=spf1 a include:_spf.zone.test'],
    ['v=spf1 redirect=_spf.old.test', 'v=spf1 include:_spf.zone.test redirect=_spf.old.test'],
    ['v=spf1 -all include:_spf.zone.test', 'v=spf1 include:_spf.zone.test -all'],
    ['v=spf1 -include:_SPF.zone.test. -all', 'v=spf1 include:_spf.zone.test -all'],
    ['v=spf1 foo:bar -all', 'v=spf1 foo:bar include:_spf.zone.test -all'],
  ])('makes of %j the record %j', (now, merged) => {
    expect(mergeSpf(now, ours)).toBe(merged);
  });

  it('leaves a record alone that lets us send already', () => {
    for (const now of [
      'v=spf1  include:_spf.zone.test  -all',
      'V=SPF1 +Include:_SPF.Zone.TEST. -ALL',
      'v=spf1 redirect=_spf.zone.test',
    ])
      expect(mergeSpf(now, ours)).toBe(now);
  });

  it('always ends in one record that authorises us, keeps the other terms, and merges only once', () => {
    const term = fc.constantFrom(
      'a',
      'mx',
      'ip4:192.0.2.1',
      'include:crm.test',
      '-all',
      '~all',
      `?include:${ours}`,
    );
    fc.assert(
      fc.property(fc.array(term), (terms) => {
        const now = ['v=spf1', ...terms].join(' ');
        const merged = mergeSpf(now, ours);
        expect(isSpf(merged)).toBe(true);
        expect(spfAuthorises(merged, ours)).toBe(true);
        expect(mergeSpf(merged, ours)).toBe(merged);
        const others = (text: string) => text.split(' ').filter((written) => !written.includes(ours));
        expect(others(merged)).toEqual(others(now));
      }),
    );
  });
});

describe('countSpfLookups', () => {
  const count = (records: FakeRecords, text: string) => countSpfLookups(fakeResolver(records), text);

  it('counts every term that asks DNS, through includes and redirects', async () => {
    const records: FakeRecords = {
      'TXT a.test': ['unrelated', 'v=spf1 mx include:b.test ip4:192.0.2.1 -all'],
      'TXT b.test': ['v=spf1 exists:x.test redirect=c.test'],
      'TXT c.test': ['v=spf1 ptr ip6:2001:db8::/32 -all'],
    };
    expect(await count(records, 'v=spf1 a include:a.test -all')).toEqual({
      lookups: 7,
      withinLimit: true,
      unknown: [],
      broken: [],
    });
  });

  it('does not count what receivers never reach: terms after all, a redirect beside all', async () => {
    expect(await count({}, 'v=spf1 ip4:192.0.2.1 -all a mx redirect=x.test')).toMatchObject({ lookups: 0 });
    expect(await count({}, 'v=spf1 redirect=x.test -all')).toMatchObject({ lookups: 0, broken: [] });
  });

  it('allows ten, not eleven', async () => {
    const terms = (many: number) => `v=spf1 ${'a '.repeat(many)}-all`;
    expect(await count({}, terms(10))).toMatchObject({ lookups: 10, withinLimit: true });
    expect(await count({}, terms(11))).toMatchObject({ lookups: 11, withinLimit: false });
  });

  it('ends when records include each other in a circle', async () => {
    const records: FakeRecords = { 'TXT a.test': ['v=spf1 include:a.test include:a.test -all'] };
    expect(await count(records, 'v=spf1 include:a.test -all')).toMatchObject({ withinLimit: false });
  });

  it('names includes that could not be asked for and those that are broken', async () => {
    const records: FakeRecords = {
      'TXT two.test': ['v=spf1 -all', 'v=spf1 a -all'],
      'TXT typo.test': ['v=spf1 inclood:x.test -all'],
      failing: ['TXT slow.test'],
    };
    const text = 'v=spf1 include:slow.test include:none.test include:two.test include:typo.test -all';
    expect(await count(records, text)).toEqual({
      lookups: 4,
      withinLimit: true,
      unknown: ['slow.test'],
      broken: ['none.test', 'two.test', 'typo.test'],
    });
  });

  it('counts an include with macros and does not follow it', async () => {
    const counted = await count({}, 'v=spf1 include:%{i}._spf.crm.test -all');
    expect(counted).toEqual({ lookups: 1, withinLimit: true, unknown: [], broken: [] });
  });
});
