import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressError } from './address-error.js';
import { displayDomain, parseDomainName, requireDomainName } from './domain-name.js';

const accepted: [written: string, name: string, shown: string][] = [
  ['Acme.COM', 'acme.com', 'acme.com'],
  ['  acme.com. ', 'acme.com', 'acme.com'],
  ['acme．com', 'acme.com', 'acme.com'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah', '例え.テスト'],
  ['faß.de', 'xn--fa-hia.de', 'faß.de'],
  ['FASS.de', 'fass.de', 'fass.de'],
  ['BÜCHER.example', 'xn--bcher-kva.example', 'bücher.example'],
  ['XN--Bcher-KVA.example', 'xn--bcher-kva.example', 'bücher.example'],
  ['ｆｕｌｌ.example', 'full.example', 'full.example'],
  ['soft\u00adhyphen.example', 'softhyphen.example', 'softhyphen.example'],
  ['क्\u200dष.example', 'xn--11b2ezcw70k.example', 'क्\u200dष.example'],
  ['пример.example', 'xn--e1afmkfd.example', 'пример.example'],
  ['日本カナabc.example', 'xn--abc-jj4b4fs673ao4b.example', '日本カナabc.example'],
  ['韓國한국abc.example', 'xn--abc-9l6el570abd1auo2d.example', '韓國한국abc.example'],
  ['3.14.example', '3.14.example', '3.14.example'],
  ['r3---sn-x.example', 'r3---sn-x.example', 'r3---sn-x.example'],
  ['אבג1.example', 'xn--1-zhcde.example', 'אבג1.example'],
  ['ελλάδα.abc', 'xn--hxakic4aa.abc', 'ελλάδα.abc'],
];

const refused: [written: string, reason: string][] = [
  ['', 'empty'],
  [' . ', 'empty'],
  ['localhost', 'single-label'],
  ['com.', 'single-label'],
  ['*.acme.com', 'wildcard'],
  ['＊.acme.com', 'wildcard'],
  ['192.0.2.1', 'ip-address'],
  ['１９２.0.2.1', 'ip-address'],
  ['0x7f.1', 'ip-address'],
  ['10.0x0a', 'ip-address'],
  ['2001:db8::1', 'ip-address'],
  ['[192.0.2.1]', 'ip-address'],
  ['a..com', 'empty-label'],
  ['.acme.com', 'empty-label'],
  ['acme.com..', 'empty-label'],
  ['\u00ad.com', 'empty-label'],
  ['-acme.com', 'hyphen'],
  ['acme-.com', 'hyphen'],
  ['－acme.com', 'hyphen'],
  ['xn--abc-.com', 'punycode'],
  ['xn--zzzzzzzz.com', 'punycode'],
  ['a.xn--.com', 'empty-label'],
  ['ac_me.com', 'characters'],
  ['ac me.com', 'characters'],
  ['acme.com/path', 'characters'],
  ['user@acme.com', 'characters'],
  ['a\u200db.com', 'characters'],
  ['1אבג.com', 'characters'],
  ['xn--a-ecp.com', 'punycode'],
  ['xn--a.com', 'punycode'],
  ['\u0301acme.com', 'characters'],
  ['аcme.com', 'mixed-script'],
  ['xn--cme-7cd.com', 'mixed-script'],
  ['αcme.com', 'mixed-script'],
  ['ひらабв.com', 'mixed-script'],
  ['ᏢᎪᎩ.com', 'mixed-script'],
  [`${'a'.repeat(64)}.com`, 'label-too-long'],
  [`${'ü'.repeat(60)}.com`, 'label-too-long'],
];

describe('parseDomainName', () => {
  it.each(accepted)('reads %j as %j', (written, name, shown) => {
    const parsed = requireDomainName(written);
    expect(parsed).toBe(name);
    expect(displayDomain(parsed)).toBe(shown);
  });

  it.each(refused)('refuses %j as %s', (written, reason) => {
    expect(parseDomainName(written)).toEqual({ ok: false, reason });
  });

  it('refuses a text too long to be a name without working through it', () => {
    expect(parseDomainName(`${'é'.repeat(1_000_000)}.com`)).toEqual({ ok: false, reason: 'too-long' });
  });

  it('takes 253 characters and 63 in a label, no more', () => {
    const longest = `${`${'a'.repeat(63)}.`.repeat(3)}${'a'.repeat(57)}.com`;
    expect(longest).toHaveLength(253);
    expect(parseDomainName(longest).ok).toBe(true);
    expect(parseDomainName(longest.replace('.com', 'a.com'))).toEqual({ ok: false, reason: 'too-long' });
  });

  it('throws an AddressError with reason, sentence and text when a name is required', () => {
    const attempt = () => requireDomainName('*.acme.com');
    expect(attempt).toThrow(AddressError);
    expect(attempt).toThrow(expect.objectContaining({ reason: 'wildcard', text: '*.acme.com' }));
    expect(attempt).toThrow('without an asterisk');
  });
});

describe('any text at all', () => {
  const piece = fc.oneof(
    fc.domain(),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('xn--', 'ß', '\u200d', '．', '.', '-', 'а', 'É', '例', '한', '1', 'com'),
  );
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));

  it('never throws, and what is accepted is plain lower-case LDH within the lengths', () => {
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseDomainName(written);
        if (!parsed.ok) return;
        expect(parsed.name).toMatch(/^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/);
        expect(parsed.name.length).toBeLessThanOrEqual(253);
      }),
      { numRuns: 500 },
    );
  });

  it('parses to itself again, in either form', () => {
    fc.assert(
      fc.property(text, (written) => {
        const parsed = parseDomainName(written);
        if (!parsed.ok) return;
        expect(parseDomainName(parsed.name)).toEqual(parsed);
        expect(parseDomainName(displayDomain(parsed.name))).toEqual(parsed);
        expect(parseDomainName(`${parsed.name}.`)).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });

  it('accepts every ordinary domain', () => {
    fc.assert(
      fc.property(fc.domain(), (name) => {
        expect(parseDomainName(name)).toEqual({ ok: true, name: name.toLowerCase() });
      }),
      { numRuns: 200 },
    );
  });
});
