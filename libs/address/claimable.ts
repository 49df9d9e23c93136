import { getPublicSuffix } from 'tldts';
import type { DomainName } from './domain-name.js';
import { isWithin } from './name-tree.js';

/** Why a well-formed name cannot belong to a customer, and the sentence that says so. The keys are stable. */
export const claimRefusals = {
  'public-suffix': 'This is an ending under which others register names. Enter your own domain below it.',
  'special-use': 'This name is reserved and cannot receive mail on the Internet.',
} as const;

export type ClaimRefusal = keyof typeof claimRefusals;
export type ClaimJudgement = { ok: true } | { ok: false; reason: ClaimRefusal };

/*
 * IANA's special-use registry (RFC 6761) with the RFC that reserves each name, the reverse trees and the rest of
 * arpa (RFC 3172), and the private endings of RFC 6762 appendix G and of ICANN (internal; home, corp, mail).
 */
const SPECIAL_USE = Object.values({
  'RFC 2606, 6761': ['test', 'example', 'example.com', 'example.net', 'example.org', 'invalid', 'localhost'],
  'RFC 6762, ICANN': ['local', 'intranet', 'internal', 'private', 'corp', 'home', 'lan', 'mail'],
  'RFC 7686, 9476': ['onion', 'alt'],
  'RFC 3172': ['arpa', 'in-addr.arpa', 'ip6.arpa'],
  'RFC 7050, 8375, 9462': ['ipv4only.arpa', 'home.arpa', 'resolver.arpa'],
}).flat();

/**
 * May a customer claim this name at all? Refuses public suffixes (ICANN and private, such as co.uk and github.io)
 * and special-use names. `allowSpecial` lists suffixes that this installation uses as if they were real, such as
 * "example" on a local stack; a longer special-use name below an allowed one stays refused unless listed too.
 */
export function judgeClaimable(
  name: DomainName,
  { allowSpecial }: { allowSpecial: readonly string[] },
): ClaimJudgement {
  const longest = (suffixes: readonly string[]): number =>
    Math.max(0, ...suffixes.filter((suffix) => isWithin(name, suffix)).map((suffix) => suffix.length));
  if (longest(SPECIAL_USE) > longest(allowSpecial)) return { ok: false, reason: 'special-use' };
  const isSuffix = getPublicSuffix(name, { allowPrivateDomains: true }) === name;
  return isSuffix ? { ok: false, reason: 'public-suffix' } : { ok: true };
}
