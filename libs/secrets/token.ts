import { createHash, randomBytes } from 'node:crypto';
import { base32 } from './base32.js';

// 30 bits: a mistyped or cut token passes once in a thousand million.
const CHECKSUM_LENGTH = 6;

/**
 * A random token as text: `<prefix>_<random><checksum>` in lower-case base32, safe in URLs and headers and selected
 * whole by a double click. The prefix names the kind, so that scanners find leaked ones.
 * `bits` is the strength, a multiple of 8, at least 128. Store only its `tokenDigest`.
 */
export function makeToken(prefix: string, bits: number): string {
  if (!/^[a-z][a-z0-9]*$/.test(prefix))
    throw new RangeError('A token prefix is lower-case letters and digits');
  if (bits < 128 || bits % 8 !== 0) throw new RangeError('Token bits are a multiple of 8, at least 128');
  const body = `${prefix}_${base32(randomBytes(bits / 8))}`;
  return body + checksum(body);
}

/** True when the text has the prefix and its checksum fits: worth a look in the database. Proves nothing more. */
export function isWellFormedToken(prefix: string, text: string): boolean {
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.startsWith(`${prefix}_`) && text === body + checksum(body);
}

/**
 * What is stored and looked up instead of a token: SHA-256 of its UTF-8 bytes in lower-case hex. A fast hash is
 * enough for 128 random bits and more; never use it for what people choose.
 */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function checksum(body: string): string {
  return base32(createHash('sha256').update(body).digest()).slice(0, CHECKSUM_LENGTH);
}
