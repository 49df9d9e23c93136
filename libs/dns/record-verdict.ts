import type { Answer } from './resolver.js';
import { isSpf, mergeSpf, parseSpf, spfAuthorises } from './spf.js';
import type { WantedRecord } from './wanted-records.js';

export type VerdictOutcome = 'match' | 'different' | 'missing' | 'unknown';

export interface RecordVerdict {
  readonly record: WantedRecord;
  readonly outcome: VerdictOutcome;
  /** The values in DNS that bear on it. */
  readonly found: readonly string[];
  /** What to do, in plain words; null when nothing is to be done. */
  readonly fix: string | null;
  /** SPF that matches: how many of the ten allowed lookups it costs. */
  readonly spfLookups?: number;
}

type Judge = (record: WantedRecord, found: readonly string[]) => RecordVerdict;

const judges: Record<WantedRecord['purpose'], Judge> = {
  ownership: judgeOwnership,
  dkim: judgeAlias,
  spf: judgeSpf,
  dmarc: judgeDmarc,
  mx: judgeMx,
};

/** Compares by meaning what one answer says with what is wanted. Pure; see `checkDomain` for the asking. */
export function judgeRecord(record: WantedRecord, answer: Answer): RecordVerdict {
  if (answer.outcome === 'unknown')
    return verdict(
      record,
      'unknown',
      [],
      'The name servers of this domain did not answer. We will ask again.',
    );
  return judges[record.purpose](record, answer.outcome === 'found' ? answer.values : []);
}

export function verdict(
  record: WantedRecord,
  outcome: VerdictOutcome,
  found: readonly string[],
  fix: string | null,
): RecordVerdict {
  return { record, outcome, found, fix };
}

function judgeOwnership(record: WantedRecord, found: readonly string[]): RecordVerdict {
  const accepted = [record.value, record.alternative?.value];
  if (found.some((value) => accepted.includes(value))) return verdict(record, 'match', found, null);
  if (found.length === 0) return missing(record);
  return verdict(
    record,
    'different',
    found,
    `Set the ${record.type} record ${record.name} to “${record.value}”.`,
  );
}

function judgeAlias(record: WantedRecord, found: readonly string[]): RecordVerdict {
  if (found.length === 0) return missing(record);
  if (found.length === 1 && found[0] === record.value) return verdict(record, 'match', found, null);
  return verdict(
    record,
    'different',
    found,
    `Point the ${record.type} record ${record.name} to ${record.value}.`,
  );
}

function judgeMx(record: WantedRecord, values: readonly string[]): RecordVerdict {
  if (values.length === 0) return missing(record);
  const wanted = hostOf(record.value);
  const others = values.filter((value) => hostOf(value) !== wanted);
  if (others.length === 0) return verdict(record, 'match', values, null);
  const list = others.map((value) => `“${value}”`).join(', ');
  const fix =
    others.length < values.length
      ? `Remove the other MX records (${list}): part of your mail still goes there.`
      : `Replace the MX records (${list}) by “${record.value}” when your mailboxes are ready.`;
  return verdict(record, 'different', values, fix);
}

function judgeSpf(record: WantedRecord, values: readonly string[]): RecordVerdict {
  const found = values.filter(isSpf);
  const [only, ...others] = found;
  if (only === undefined) return missing(record);
  const include = record.include ?? '';
  if (others.length > 0) {
    const joined = mergeSpf(joinSpf(found), include);
    return verdict(record, 'different', found, `Keep one SPF record only. Replace them all by “${joined}”.`);
  }
  const parsing = parseSpf(only);
  if (!parsing.ok)
    return verdict(
      record,
      'different',
      found,
      `Correct “${parsing.term}” in the SPF record: it is not valid.`,
    );
  if (spfAuthorises(only, include)) return verdict(record, 'match', found, null);
  return verdict(record, 'different', found, `Change the SPF record to “${mergeSpf(only, include)}”.`);
}

/** One record of several: each term once, and the `all` of the first that has one, at the end. */
function joinSpf(records: readonly string[]): string {
  const terms = records.flatMap((record) => record.split(/ +/).slice(1)).filter((term) => term !== '');
  const isAll = (term: string): boolean => /^[+\-~?]?all$/i.test(term);
  const ends = terms.filter(isAll).slice(0, 1);
  return ['v=spf1', ...new Set(terms.filter((term) => !isAll(term))), ...ends].join(' ');
}

/** Any valid policy will do: a stricter one than ours is the owner's good right. */
function judgeDmarc(record: WantedRecord, values: readonly string[]): RecordVerdict {
  const found = values.filter((value) => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(value));
  if (found.length === 0) return missing(record);
  if (found.length > 1)
    return verdict(
      record,
      'different',
      found,
      'Keep one DMARC record only: with several, none of them counts.',
    );
  if (isDmarcPolicy(found[0] ?? '')) return verdict(record, 'match', found, null);
  return verdict(
    record,
    'different',
    found,
    `The DMARC record names no valid policy. Use “${record.value}”.`,
  );
}

/** RFC 9989 (before it RFC 7489 §6.3, §6.6.3): `p` is valid, or absent beside an address for reports. */
function isDmarcPolicy(text: string): boolean {
  const tags = new Map(
    text.split(';').map((tag) => {
      const [name = '', ...value] = tag.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim().toLowerCase()] as const;
    }),
  );
  const policy = tags.get('p');
  if (policy === undefined) return (tags.get('rua') ?? '') !== '';
  return ['none', 'quarantine', 'reject'].includes(policy);
}

function missing(record: WantedRecord): RecordVerdict {
  return verdict(record, 'missing', [], `Add a ${record.type} record ${record.name} with “${record.value}”.`);
}

function hostOf(mx: string): string {
  return mx.split(' ')[1] ?? '';
}
