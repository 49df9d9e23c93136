import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

export interface DkimKey {
  /** PKCS #8 in PEM, as Rspamd reads it. Seal it before it is stored. */
  readonly privateKeyPem: string;
  /** SubjectPublicKeyInfo in base64, one line: the `p=` tag of the DNS record (RFC 6376 §3.6.1). */
  readonly publicKeyBase64: string;
}

/**
 * Makes an RSA key of 2048 bits, the size RFC 8301 §3.2 asks signers for. Off the main thread; takes from 50 ms to
 * more than a second, as primes are found by luck.
 */
export async function makeDkimKey(): Promise<DkimKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyBase64: publicKey.toString('base64') };
}
