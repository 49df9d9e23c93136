import { describe, expect, it } from 'vitest';
import { hashPassword, needsRehash, verifyNothing, verifyPassword } from './password-hash.js';

// Made by "doveadm pw -s ARGON2ID -p 'correct horse'" of Dovecot 2.3.19: 64 MiB, three passes.
const fromDovecot =
  '{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$HUxLrkHEg1IQF/3L+sVsWw$F1Btdtfd6+ZkixMG2emjKNCRQDCOtBAm1W0F7H1BAME';

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

describe('hashPassword', () => {
  it('writes what Dovecot reads, at 19 MiB, two passes, one lane', async () => {
    expect(await hashPassword('correct horse')).toMatch(
      /^\{ARGON2ID\}\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it('salts: the same password hashes differently each time', async () => {
    expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
  });
});

describe('verifyPassword', () => {
  it('accepts the password and nothing near it', async () => {
    const stored = await hashPassword('pässword ✓');
    expect(await verifyPassword(stored, 'pässword ✓')).toBe(true);
    expect(await verifyPassword(stored, 'pässword ✓ ')).toBe(false);
    expect(await verifyPassword(stored, 'pa\u0308ssword ✓')).toBe(false);
    expect(await verifyPassword(stored, '')).toBe(false);
  });

  it('accepts a hash Dovecot made', async () => {
    expect(await verifyPassword(fromDovecot, 'correct horse')).toBe(true);
    expect(await verifyPassword(fromDovecot, 'correct horses')).toBe(false);
  });

  it.each(['', 'correct horse', '{PLAIN}correct horse', '$argon2id$v=19$m=1', '{ARGON2ID}$argon2i$v=19$'])(
    'throws for %j, which is no hash of ours',
    async (stored) => {
      await expect(verifyPassword(stored, 'correct horse')).rejects.toThrow('not an Argon2id hash');
    },
  );
});

describe('needsRehash', () => {
  it('asks for a new hash when the costs were others', async () => {
    expect(needsRehash(await hashPassword('x'))).toBe(false);
    expect(needsRehash(fromDovecot)).toBe(true);
  });
});

describe('verifyNothing', () => {
  it('is false and costs what a real verification costs', async () => {
    const stored = await hashPassword('correct horse');
    expect(await verifyNothing('correct horse')).toBe(false);
    const real = await millisecondsOf(() => verifyPassword(stored, 'wrong'));
    const decoy = await millisecondsOf(() => verifyNothing('wrong'));
    expect(decoy).toBeGreaterThan(real / 5);
  });
});
