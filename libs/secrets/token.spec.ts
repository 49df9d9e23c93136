import { describe, expect, it } from 'vitest';
import { makeAppPassword } from './app-password.js';
import { base32 } from './base32.js';
import { claimToken } from './claim-token.js';
import { isWellFormedToken, makeToken, tokenDigest } from './token.js';

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'co'],
    ['fo', 'cpng'],
    ['foobar', 'cpnmuoj1e8'],
    ['\0\0', '0000'],
  ])('writes %j as RFC 4648 §10 does, in lower case', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected);
  });
});

describe('makeToken', () => {
  it('writes prefix, random part and checksum, safe in a URL', () => {
    expect(makeToken('key', 256)).toMatch(/^key_[0-9a-v]{52}[0-9a-v]{6}$/);
    expect(makeToken('key', 128)).toMatch(/^key_[0-9a-v]{26}[0-9a-v]{6}$/);
  });

  it('never repeats', () => {
    expect(new Set(Array.from({ length: 1000 }, () => makeToken('key', 128))).size).toBe(1000);
  });

  it('refuses less than 128 bits and prefixes that need escaping', () => {
    expect(() => makeToken('key', 64)).toThrow(RangeError);
    expect(() => makeToken('key', 130)).toThrow(RangeError);
    expect(() => makeToken('a_b', 128)).toThrow(RangeError);
  });
});

describe('isWellFormedToken', () => {
  const token = makeToken('key', 160);

  it('knows its own and notices any single changed, lost or added character', () => {
    expect(isWellFormedToken('key', token)).toBe(true);
    for (let at = 4; at < token.length; at += 1) {
      const other = token.charAt(at) === 'a' ? 'b' : 'a';
      expect(isWellFormedToken('key', token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
      expect(isWellFormedToken('key', token.slice(0, at) + token.slice(at + 1))).toBe(false);
    }
    expect(isWellFormedToken('key', `${token}a`)).toBe(false);
  });

  it('is not taken in by another prefix, case or an empty text', () => {
    expect(isWellFormedToken('ke', token)).toBe(false);
    expect(isWellFormedToken('key', token.toUpperCase())).toBe(false);
    expect(isWellFormedToken('key', '')).toBe(false);
  });
});

describe('tokenDigest', () => {
  it('is SHA-256 in lower-case hex, as Dovecot writes %{sha256:password}', () => {
    expect(tokenDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('makeAppPassword', () => {
  it('is 28 easy characters, at least 128 bits, shown in seven groups of four', () => {
    const { password, groups } = makeAppPassword();
    expect(password).toMatch(/^[a-km-np-z2-9]{28}$/);
    expect(groups).toHaveLength(7);
    expect(groups.join('')).toBe(password);
  });

  it('is stored as the digest of exactly what is typed', () => {
    const { password, digest } = makeAppPassword();
    expect(digest).toBe(tokenDigest(password));
  });

  it('uses all 32 characters about equally', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 1000; round += 1)
      for (const letter of makeAppPassword().password) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect(counts.size).toBe(32);
    for (const count of counts.values()) expect(Math.abs(count - 875)).toBeLessThan(250);
  });
});

describe('claimToken', () => {
  const claim = { accountId: 'a1', claimId: 'c1', name: 'acme.com' };

  it('is the same for the same claim, and 32 characters that fit a DNS label', () => {
    expect(claimToken('secret', claim)).toMatch(/^[0-9a-v]{32}$/);
    expect(claimToken('secret', claim)).toBe(claimToken(Buffer.from('secret'), { ...claim }));
  });

  it('differs for another account, claim, name or secret, and for parts moved across their border', () => {
    const tokens = [
      claimToken('secret', claim),
      claimToken('secret', { ...claim, accountId: 'a2' }),
      claimToken('secret', { ...claim, claimId: 'c2' }),
      claimToken('secret', { ...claim, name: 'acme.org' }),
      claimToken('secret', { ...claim, accountId: 'a1c', claimId: '1' }),
      claimToken('other', claim),
    ];
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});
