import type { Resolver } from './resolver.js';

export interface SpfTerm {
  /** As it was written. */
  readonly text: string;
  readonly kind: 'mechanism' | 'modifier';
  /** What a match means; "+" when not written. Always "+" for modifiers, which have none. */
  readonly qualifier: '+' | '-' | '~' | '?';
  /** Lower case: "include", "all", "redirect". */
  readonly name: string;
  /** What follows ":", "=" or, with its slash, "/"; null when nothing does. */
  readonly value: string | null;
}

export type SpfParsing =
  | { readonly ok: true; readonly terms: readonly SpfTerm[] }
  | { readonly ok: false; readonly reason: 'not-spf' | 'syntax'; readonly term: string | null };

const MECHANISM = /^([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::(.+)|(\/.+))?$/i;
const MODIFIER = /^([a-z][a-z0-9\-_.]*)=(.*)$/i;
const NEED_VALUE = new Set(['include', 'ip4', 'ip6', 'exists']);

/** True for a TXT value that is an SPF record, well-formed or not (RFC 7208 §4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** Reads an SPF record into its terms (RFC 7208 §4.6.1); names the first term that is none. */
export function parseSpf(text: string): SpfParsing {
  if (!isSpf(text)) return { ok: false, reason: 'not-spf', term: null };
  const terms: SpfTerm[] = [];
  for (const written of termTexts(text)) {
    const term = readTerm(written);
    if (term === null) return { ok: false, reason: 'syntax', term: written };
    terms.push(term);
  }
  return { ok: true, terms };
}

/**
 * Does the record let the senders of `include` pass: by including it before `all`, or by redirecting to it with no
 * `all` in the way (RFC 7208 §5.1, §5.2, §6.1)?
 */
export function spfAuthorises(text: string, include: string): boolean {
  const terms = termTexts(text).map((written) => readTerm(written));
  const end = terms.findIndex((term) => term?.name === 'all');
  const counted = end === -1 ? terms : terms.slice(0, end);
  return counted.some((term) => {
    if (term === null || normalise(term.value) !== normalise(include)) return false;
    return (term.name === 'include' && term.qualifier === '+') || (term.name === 'redirect' && end === -1);
  });
}

/**
 * The one SPF record a domain should have so that our senders pass: the owner's with our include put in front of
 * `all` (or of `redirect`, or last), everything else as it was; or a new one ending in `~all`. An include of ours
 * that had no effect (after `all`, or with another qualifier) is moved.
 */
export function mergeSpf(now: string | null, include: string): string {
  if (now === null || !isSpf(now)) return `v=spf1 include:${include} ~all`;
  if (spfAuthorises(now, include)) return now;
  const kept = termTexts(now).filter((written) => {
    const term = readTerm(written);
    return term?.name !== 'include' || normalise(term.value) !== normalise(include);
  });
  const names = kept.map((written) => readTerm(written)?.name);
  const place = [names.indexOf('all'), names.indexOf('redirect'), kept.length].find((index) => index !== -1);
  return ['v=spf1', ...kept.toSpliced(place ?? kept.length, 0, `include:${include}`)].join(' ');
}

/** More lookups than this make receivers ignore the whole record (RFC 7208 §4.6.4). */
export const MOST_SPF_LOOKUPS = 10;

export interface SpfLookups {
  /** How many DNS lookups the record costs at worst; counting stops at one more than allowed. */
  readonly lookups: number;
  readonly withinLimit: boolean;
  /** Names whose record could not be asked for: the count may be higher. */
  readonly unknown: readonly string[];
  /** Included names that have no SPF record, two of them or a broken one: receivers see a permanent error. */
  readonly broken: readonly string[];
}

const COSTS_LOOKUP = new Set(['include', 'a', 'mx', 'ptr', 'exists', 'redirect']);

/**
 * Counts lookups through includes and redirects. Bounded by the limit itself: each step costs one. Includes with
 * macros depend on the message and are counted, not followed.
 */
export async function countSpfLookups(resolver: Resolver, text: string): Promise<SpfLookups> {
  const tally = { lookups: 0, unknown: [] as string[], broken: [] as string[] };
  const queue = [text];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const term of countedTerms(next)) {
      tally.lookups += 1;
      if (tally.lookups > MOST_SPF_LOOKUPS) return { ...tally, withinLimit: false };
      if ((term.name !== 'include' && term.name !== 'redirect') || term.value === null) continue;
      if (term.value.includes('%')) continue;
      const target = normalise(term.value);
      const answer = await resolver.lookup('TXT', target);
      const [record, ...others] = answer.outcome === 'found' ? answer.values.filter(isSpf) : [];
      if (answer.outcome === 'unknown') tally.unknown.push(target);
      else if (record === undefined || others.length > 0 || !parseSpf(record).ok) tally.broken.push(target);
      else queue.push(record);
    }
  }
  return { ...tally, withinLimit: true };
}

/** The terms a receiver may have to look up: those before `all`, and `redirect` only when there is no `all`. */
function countedTerms(text: string): SpfTerm[] {
  const terms = termTexts(text).flatMap((written) => readTerm(written) ?? []);
  const end = terms.findIndex(({ name }) => name === 'all');
  const reached = end === -1 ? terms : terms.slice(0, end).filter(({ name }) => name !== 'redirect');
  return reached.filter(({ name }) => COSTS_LOOKUP.has(name));
}

function termTexts(text: string): string[] {
  return text
    .split(/ +/)
    .slice(1)
    .filter((term) => term !== '');
}

function readTerm(text: string): SpfTerm | null {
  const mechanism = MECHANISM.exec(text);
  if (mechanism !== null) {
    const [, qualifier, written = '', value, prefix] = mechanism;
    const name = written.toLowerCase();
    if (NEED_VALUE.has(name) && value === undefined) return null;
    if (name === 'all' && (value ?? prefix) !== undefined) return null;
    const sign = (qualifier || '+') as SpfTerm['qualifier'];
    return { text, kind: 'mechanism', qualifier: sign, name, value: value ?? prefix ?? null };
  }
  const [, name, value] = MODIFIER.exec(text) ?? [];
  if (name === undefined || value === undefined) return null;
  return { text, kind: 'modifier', qualifier: '+', name: name.toLowerCase(), value };
}

function normalise(name: string | null): string {
  return (name ?? '').toLowerCase().replace(/\.$/, '');
}
