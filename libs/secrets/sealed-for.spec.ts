import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeDkimKey } from './dkim-key.js';
import { makeKeyPair, sealFor, unsealWith } from './sealed-for.js';
import { SealError } from './seal-error.js';

const agent = makeKeyPair();
const fault = (name: string) => expect.objectContaining({ name: 'SealError', fault: name });

describe('sealFor', () => {
  it('is opened by the private half under the same context', () => {
    const sealed = sealFor(agent.publicKey, 'ключ\nPEM', 'dkim:acme.com:k1');
    expect(unsealWith(agent.privateKey, sealed, 'dkim:acme.com:k1')).toBe('ключ\nPEM');
  });

  it('differs each time and shows nothing of the text', () => {
    const sealed = sealFor(agent.publicKey, 'PRIVATE KEY', 'dkim');
    expect(sealed).toMatch(/^box1\.[\w-]{43}\.[\w-]{43}\.[\w-]+$/);
    expect(sealed).not.toBe(sealFor(agent.publicKey, 'PRIVATE KEY', 'dkim'));
    expect(Buffer.from(sealed.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('PRIVATE');
  });

  it('refuses keys that are not 32 bytes and points of small order', () => {
    const zero = Buffer.alloc(32).toString('base64url');
    for (const publicKey of ['', 'abc', zero])
      expect(() => sealFor(publicKey, 'x', 'dkim')).toThrow(fault('malformed'));
  });
});

describe('unsealWith', () => {
  const sealed = sealFor(agent.publicKey, 'PRIVATE KEY', 'dkim');

  it('fails under another context and for another holder', () => {
    expect(() => unsealWith(agent.privateKey, sealed, 'dkim2')).toThrow(fault('altered'));
    expect(() => unsealWith(makeKeyPair().privateKey, sealed, 'dkim')).toThrow(fault('other-key'));
  });

  it('fails when any character is changed', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed.charAt(at) === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      expect(() => unsealWith(agent.privateKey, altered, 'dkim')).toThrow(SealError);
    }
  });

  it.each(['', 'box1', 'box1.a.b.c', `${sealed}.x`, sealed.replace('box1', 'box2')])(
    'throws a SealError for %j',
    (text) => expect(() => unsealWith(agent.privateKey, text, 'dkim')).toThrow(SealError),
  );
});

describe('makeDkimKey', () => {
  it('makes a 2048-bit RSA pair whose halves fit, sealable as text', async () => {
    const { privateKeyPem, publicKeyBase64 } = await makeDkimKey();
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(publicKeyBase64).toMatch(/^[A-Za-z0-9+/]{390,}={0,2}$/);
    const publicKey = createPublicKey({
      key: Buffer.from(publicKeyBase64, 'base64'),
      format: 'der',
      type: 'spki',
    });
    expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    const signature = sign('sha256', Buffer.from('mail'), createPrivateKey(privateKeyPem));
    expect(verify('sha256', Buffer.from('mail'), publicKey, signature)).toBe(true);
    const sealed = sealFor(agent.publicKey, privateKeyPem, 'dkim:k1');
    expect(unsealWith(agent.privateKey, sealed, 'dkim:k1')).toBe(privateKeyPem);
  });
});
