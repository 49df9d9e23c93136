import { createHash, randomBytes } from 'node:crypto';
import { base32 } from './base32.js';
import { decrypt, encrypt, fromBase64Url } from './gcm.js';
import { SealError } from './seal-error.js';

const VERSION = 'seal1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** A key both sides hold. `id` follows from the key and may be seen by anybody. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** A new key as text: base64url of 32 random bytes. */
export function makeSealingKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** Reads a key from its text; throws `SealError` "malformed". */
export function readSealingKey(text: string): SealingKey {
  const bytes = fromBase64Url(text, KEY_BYTES);
  const digest = createHash('sha256').update(`${VERSION} key id`).update(bytes).digest();
  return { id: base32(digest.subarray(0, 5)), bytes };
}

/**
 * Encrypts a text: `seal1.<key id>.<nonce>.<ciphertext and tag>`, base64url. `context` says what and whose the
 * secret is ("totp:<person id>"); it is not stored, and opening under another context fails, so that a sealed value
 * copied into another row is worthless. Random nonces: change the key before 2^32 seals (SP 800-38D §8.3).
 */
export function seal(key: SealingKey, plaintext: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const head = `${VERSION}.${key.id}`;
  const sealed = encrypt(key.bytes, nonce, plaintext, `${head}.${context}`);
  return `${head}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
}

/** Opens what `seal` made; throws `SealError`. */
export function unseal(key: SealingKey, sealed: string, context: string): string {
  const [nonce, body] = sealed.split('.').slice(2);
  if (sealedKeyId(sealed) !== key.id) throw new SealError('other-key');
  const authenticated = `${VERSION}.${key.id}.${context}`;
  return decrypt(key.bytes, fromBase64Url(nonce, NONCE_BYTES), fromBase64Url(body, null), authenticated);
}

/** The id of the key a text was sealed with, to choose among keys while they rotate; throws `SealError`. */
export function sealedKeyId(sealed: string): string {
  const [version, keyId, ...rest] = sealed.split('.');
  if (version !== VERSION || keyId === undefined || rest.length !== 2) throw new SealError('malformed');
  return keyId;
}
