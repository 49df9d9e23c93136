import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealError } from './seal-error.js';
import { makeSealingKey, readSealingKey, seal, sealedKeyId, unseal } from './seal.js';

const key = readSealingKey(makeSealingKey());
const fault = (name: string) => expect.objectContaining({ name: 'SealError', fault: name });

describe('seal', () => {
  it('opens again to the same text under the same context, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, context) => {
        expect(unseal(key, seal(key, text, context), context)).toBe(text);
      }),
    );
  });

  it('hides the text, differs each time and names its version and key', () => {
    const first = seal(key, 'otpauth-secret', 'totp:1');
    expect(first).toMatch(new RegExp(`^seal1\\.${key.id}\\.[\\w-]{16}\\.[\\w-]+$`));
    expect(first).not.toBe(seal(key, 'otpauth-secret', 'totp:1'));
    expect(Buffer.from(first.split('.')[3]!, 'base64url').toString()).not.toContain('otpauth');
    expect(sealedKeyId(first)).toBe(key.id);
  });
});

describe('unseal', () => {
  const sealed = seal(key, 'secret', 'totp:1');

  it('fails under another context', () => {
    expect(() => unseal(key, sealed, 'totp:2')).toThrow(fault('altered'));
  });

  it('says so when another key sealed it', () => {
    expect(() => unseal(readSealingKey(makeSealingKey()), sealed, 'totp:1')).toThrow(fault('other-key'));
  });

  it('fails when any character is changed', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed.charAt(at) === 'A' ? 'B' : 'A';
      expect(() => unseal(key, sealed.slice(0, at) + other + sealed.slice(at + 1), 'totp:1')).toThrow(
        SealError,
      );
    }
  });

  it.each([
    '',
    'secret',
    'seal1',
    `seal1.${key.id}`,
    `seal1.${key.id}..`,
    `seal2.${key.id}.a.b`,
    `${sealed}.x`,
  ])('calls %j malformed', (text) => expect(() => unseal(key, text, 'totp:1')).toThrow(fault('malformed')));
});

describe('readSealingKey', () => {
  it('gives the same id for the same key and another for another', () => {
    const text = makeSealingKey();
    expect(readSealingKey(text).id).toBe(readSealingKey(text).id);
    expect(readSealingKey(text).id).not.toBe(key.id);
  });

  it('refuses a text that is not 32 bytes of base64url', () => {
    for (const text of ['', 'short', `${makeSealingKey()}A`, 'not base64 !'.repeat(4)])
      expect(() => readSealingKey(text)).toThrow(fault('malformed'));
  });
});
