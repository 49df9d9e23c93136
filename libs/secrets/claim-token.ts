import { createHmac } from 'node:crypto';
import { base32 } from './base32.js';

/** What a proof is bound to: who claims, which claim, which name (A-labels). */
export interface Claim {
  readonly accountId: string;
  readonly claimId: string;
  readonly name: string;
}

/**
 * The token whose presence in DNS proves a claim: 160 bits of HMAC-SHA256 (RFC 2104) as 32 lower-case base32
 * characters, fit for a DNS label. Bound to account, claim and name, so a token seen in public DNS proves nothing
 * for anybody else, nor for a later claim of the same name.
 */
export function claimToken(secret: string | Uint8Array, { accountId, claimId, name }: Claim): string {
  // JSON keeps the parts apart: no choice of ids and name can read as another one.
  const message = JSON.stringify(['domain claim', accountId, claimId, name]);
  return base32(createHmac('sha256', secret).update(message).digest().subarray(0, 20));
}
