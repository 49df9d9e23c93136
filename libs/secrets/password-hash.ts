import { argon2id, hash, needsRehash as hasOtherCosts, verify } from 'argon2';

/** OWASP's floor for Argon2id: 19 MiB, two passes, one lane; about 35 ms of one core. */
const COSTS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const SCHEME = '{ARGON2ID}';

// Right in form and cost, and the hash of nothing anyone can type: 16 and 32 zero bytes.
const DECOY = `$argon2id$v=19$m=${COSTS.memoryCost},t=${COSTS.timeCost},p=${COSTS.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Hashes a password as Dovecot reads it: scheme and PHC string, "{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$salt$hash".
 * The bytes are hashed as UTF-8 just as typed, since mail programs send them unnormalised.
 */
export async function hashPassword(plain: string): Promise<string> {
  return SCHEME + inStandardOrder(await hash(plain, COSTS));
}

/** True when `plain` is the password. Throws when `stored` is not a hash of ours: that is a fault, not a mismatch. */
export async function verifyPassword(stored: string, plain: string): Promise<boolean> {
  return verify(withoutScheme(stored), plain);
}

/** True when `stored` was made with other costs than today's and should be made anew at the next sign-in. */
export function needsRehash(stored: string): boolean {
  return hasOtherCosts(withoutScheme(stored), COSTS);
}

/**
 * Costs what `verifyPassword` costs and is always false. For sign-in names nobody has, so that the time of a
 * refusal does not tell which names exist.
 */
export async function verifyNothing(plain: string): Promise<false> {
  await verify(DECOY, plain);
  return false;
}

/**
 * The argon2 package writes "m=…,p=…,t=…"; the reference encoding is "m=…,t=…,p=…", and libsodium, which Dovecot
 * verifies with, takes any other order for a wrong password.
 */
function inStandardOrder(phc: string): string {
  const ordered = phc.replace(/\$(m=\d+),(p=\d+),(t=\d+)\$/, '$$$1,$3,$2$$');
  if (!/\$m=\d+,t=\d+,p=\d+\$/.test(ordered)) throw new Error('The argon2 package writes an unknown form');
  return ordered;
}

function withoutScheme(stored: string): string {
  if (!stored.startsWith(`${SCHEME}$argon2id$`))
    throw new TypeError('Stored password is not an Argon2id hash');
  return stored.slice(SCHEME.length);
}
