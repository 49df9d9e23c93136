import { randomBytes } from 'node:crypto';
import { tokenDigest } from './token.js';

/** Lower case, without 0/o and 1/l; 32 characters, so each carries five random bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 28;

export interface AppPassword {
  /** What the owner types or pastes: 28 characters, 140 random bits, no separators. Shown once. */
  readonly password: string;
  /** The same in groups of four, to be set apart by layout; a copied text must stay without gaps. */
  readonly groups: readonly string[];
  /** SHA-256 of `password` in lower-case hex: all that is stored. */
  readonly digest: string;
}

/**
 * Makes the credential of a mail program. Dovecot compares the SHA-256 of exactly what the program sends, so no
 * spelling is forgiven: separators, spaces and capitals are not part of the password and are never shown as text.
 */
export function makeAppPassword(): AppPassword {
  const password = Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(
    '',
  );
  return { password, groups: password.match(/.{4}/g) ?? [], digest: tokenDigest(password) };
}
