import { createCipheriv, createDecipheriv } from 'node:crypto';
import { SealError } from './seal-error.js';

const TAG_BYTES = 16;

/** AES-256-GCM: ciphertext followed by the 16-byte tag. A key and a nonce of 12 bytes must never meet twice. */
export function encrypt(key: Buffer, nonce: Buffer, plaintext: string, authenticated: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(authenticated));
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Throws `SealError` "altered" when key, nonce, text or what was authenticated beside it differ. */
export function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer, authenticated: string): string {
  if (sealed.length < TAG_BYTES) throw new SealError('malformed');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(authenticated));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const start = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([start, decipher.final()]).toString('utf8');
  } catch {
    throw new SealError('altered');
  }
}

/** Reads canonical, unpadded base64url of an expected length in bytes (any length when null). */
export function fromBase64Url(text: string | undefined, length: number | null): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64url');
  const isCanonical = text !== undefined && bytes.toString('base64url') === text;
  if (!isCanonical || (length !== null && bytes.length !== length)) throw new SealError('malformed');
  return bytes;
}
