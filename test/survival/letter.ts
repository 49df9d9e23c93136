import { createHash } from 'node:crypto';

export const DIGEST_HEADER = 'X-Ledger-SHA256';

export type Random = () => number;

/** Mulberry32: the same letters in the same order for the same seed. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const pick = <T>(random: Random, of: readonly T[]): T => {
  const chosen = of[Math.floor(random() * of.length)];
  if (chosen === undefined) throw new Error('Nothing to choose from.');
  return chosen;
};

export interface SealedLetter {
  readonly messageId: string;
  readonly sha256: string;
  /** Header and body with CRLF, no dots to stuff. */
  readonly text: string;
}

const WORDS = 'bread flour oven morning order harbour ship tooth chair letter invoice week thanks'.split(' ');

/** A small letter that carries its own name and the digest of its body. */
export const writeLetter = (random: Random, from: string, to: string): SealedLetter => {
  const number = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const messageId = `<${number()}${number()}${number()}@ledger.example>`;
  const lines = Array.from({ length: 3 + Math.floor(random() * 30) }, () =>
    Array.from({ length: 9 }, () => pick(random, WORDS)).join(' '),
  );
  const body = `${lines.join('\r\n')}\r\n`;
  const sha256 = digestOf(body);
  const header = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${pick(random, WORDS)} and ${pick(random, WORDS)}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${messageId}`,
    `${DIGEST_HEADER}: ${sha256}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
  ];
  return { messageId, sha256, text: `${header.join('\r\n')}\r\n\r\n${body}` };
};

export const digestOf = (body: string): string => createHash('sha256').update(body, 'latin1').digest('hex');
