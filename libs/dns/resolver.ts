export type RecordType = 'TXT' | 'CNAME' | 'MX' | 'NS' | 'A' | 'AAAA';

/** Why nothing can be said. `no-server`: no server of the zone gave a usable answer. */
export type UnknownReason =
  'timeout' | 'server-failure' | 'refused' | 'malformed' | 'no-server' | 'disagreement' | 'chain-too-long';

/**
 * `found`: the values; a TXT is joined from its strings, an MX is "10 host", host names are lower case without
 * trailing dot (RFC 7505's null MX is "0 ."). `absent`: NXDOMAIN or no record of that type. `unknown`: SERVFAIL,
 * timeout, refusal or nonsense, which must never be taken for absent.
 */
export type Answer =
  | { readonly outcome: 'found'; readonly values: readonly string[] }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'unknown'; readonly why: UnknownReason };

/** Asks DNS. Follows aliases except for CNAME itself; never rejects because of what the network says. */
export interface Resolver {
  lookup(type: RecordType, name: string): Promise<Answer>;
}

/** A CNAME chain longer than this is taken for a loop. */
const LONGEST_CHAIN = 8;

export function unknown(why: UnknownReason): Answer {
  return { outcome: 'unknown', why };
}

/** An answer with these values as the port promises them; absent when there are none. */
export function found(type: RecordType, values: readonly string[]): Answer {
  if (values.length === 0) return { outcome: 'absent' };
  return { outcome: 'found', values: values.map((value) => normaliseValue(type, value)) };
}

/** Lower case, without trailing dot. Names of records may hold "_" and "*", so they are not `DomainName`s. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Can this name be asked at all (RFC 1035 §2.3.4 lengths, printable ASCII)? */
function isAskable(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[!-~]{1,63}$/.test(label));
}

/**
 * Answers a question by asking for the name and, while it is absent, for the alias in its place (RFC 1034 §3.6.2),
 * at most `LONGEST_CHAIN` times. `ask` need not follow aliases itself.
 */
export async function lookupThroughAliases(
  type: RecordType,
  name: string,
  ask: Resolver['lookup'],
): Promise<Answer> {
  let current = normaliseName(name);
  for (let steps = 0; steps <= LONGEST_CHAIN; steps += 1) {
    if (!isAskable(current)) return unknown('malformed');
    const answer = await ask(type, current);
    if (answer.outcome !== 'absent' || type === 'CNAME') return answer;
    const alias = await ask('CNAME', current);
    if (alias.outcome !== 'found') return alias;
    current = alias.values[0] ?? '';
  }
  return unknown('chain-too-long');
}

function normaliseValue(type: RecordType, value: string): string {
  if (type === 'TXT' || type === 'A' || type === 'AAAA') return value;
  if (type !== 'MX') return normaliseName(value);
  const [preference = '', host = ''] = value.split(' ');
  return `${preference} ${normaliseName(host) || '.'}`;
}
