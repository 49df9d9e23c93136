import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressError } from './address-error.js';
import { parseContactAddress, parseMailAddress, requireMailAddress } from './mail-address.js';

describe('parseMailAddress', () => {
  it('gives local part, domain and address in lower case with A-labels', () => {
    expect(requireMailAddress(' Ana.Lindqvist@BÜCHER.example. ')).toEqual({
      localPart: 'ana.lindqvist',
      domain: 'xn--bcher-kva.example',
      address: 'ana.lindqvist@xn--bcher-kva.example',
    });
  });

  it.each(['a@acme.com', 'a_b-c@acme.com', '!#$%&*/=?^_{|}~-@acme.com', `${'a'.repeat(64)}@acme.com`])(
    'takes %s',
    (text) => expect(parseMailAddress(text).ok).toBe(true),
  );

  it.each([
    ['acme.com', 'no-at'],
    ['', 'no-at'],
    ['a@b@acme.com', 'no-at'],
    ['@acme.com', 'local-part-empty'],
    [`${'a'.repeat(65)}@acme.com`, 'local-part-too-long'],
    ['.a@acme.com', 'local-part-dots'],
    ['a.@acme.com', 'local-part-dots'],
    ['a..b@acme.com', 'local-part-dots'],
    ['a+b@acme.com', 'local-part-plus'],
    ["o'brien@acme.com", 'local-part-characters'],
    ['a`b@acme.com', 'local-part-characters'],
    ['"a b"@acme.com', 'local-part-characters'],
    ['ana\u0000@acme.com', 'local-part-characters'],
    ['ana\n@acme.com', 'local-part-characters'],
    ['åsa@acme.com', 'local-part-characters'],
    ['\u212Aim@acme.com', 'local-part-characters'],
    ['a@acme', 'single-label'],
    ['a@[192.0.2.1]', 'ip-address'],
    ['a@аcme.com', 'mixed-script'],
    [`${'a'.repeat(64)}@${'a.'.repeat(100)}com`, 'address-too-long'],
  ])('refuses %j as %s', (text, reason) => {
    expect(parseMailAddress(text)).toEqual({ ok: false, reason });
  });

  it('throws an AddressError with the reason when an address is required', () => {
    expect(() => requireMailAddress('a+b@acme.com')).toThrow(AddressError);
    expect(() => requireMailAddress('a+b@acme.com')).toThrow(
      expect.objectContaining({ reason: 'local-part-plus' }),
    );
  });

  it('parses what it accepted to the same again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
        const parsed = parseMailAddress(text);
        if (parsed.ok) expect(parseMailAddress(parsed.address)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseContactAddress', () => {
  it('also takes plus and apostrophe, which other providers allow', () => {
    expect(parseContactAddress("Pat.O'Brien+Bills@acme.com")).toMatchObject({
      ok: true,
      address: "pat.o'brien+bills@acme.com",
    });
  });

  it('still refuses quotes and spaces', () => {
    expect(parseContactAddress('"a b"@acme.com')).toEqual({ ok: false, reason: 'local-part-characters' });
  });
});
