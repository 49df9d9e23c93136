import { judgeRecord, type RecordVerdict, verdict } from './record-verdict.js';
import type { Answer, Resolver, UnknownReason } from './resolver.js';
import { countSpfLookups, MOST_SPF_LOOKUPS } from './spf.js';
import type { WantedRecord } from './wanted-records.js';

export interface DomainReport {
  readonly checkedAt: Date;
  readonly verdicts: readonly RecordVerdict[];
  /** True when every required record matches. */
  readonly ready: boolean;
}

/** Asks for every wanted record and judges what is there. A silent DNS gives `unknown`, never `missing`. */
export async function checkDomain(
  resolver: Resolver,
  wanted: readonly WantedRecord[],
  now: Date,
): Promise<DomainReport> {
  const verdicts = await Promise.all(wanted.map((record) => checkRecord(resolver, record)));
  const ready = verdicts.every(({ record, outcome }) => outcome === 'match' || !record.required);
  return { checkedAt: now, verdicts, ready };
}

export type ProofJudgement =
  | { readonly outcome: 'proven'; readonly method: 'txt' | 'cname' }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'unknown'; readonly why: UnknownReason };

/**
 * Is the claim proven? By a TXT value equal to the whole token text, or by the alias. Unknown when the proof was not
 * seen and a question stayed open: then nothing may change. Throws when `wanted` holds no ownership record.
 */
export async function judgeProof(
  resolver: Resolver,
  wanted: readonly WantedRecord[],
): Promise<ProofJudgement> {
  const record = wanted.find(({ purpose }) => purpose === 'ownership');
  if (record === undefined) throw new TypeError('No ownership record among the wanted ones');
  const { text, alias } = await askForProof(resolver, record);
  if (holds(text, record.value)) return { outcome: 'proven', method: 'txt' };
  if (holds(alias, record.alternative?.value)) return { outcome: 'proven', method: 'cname' };
  if (text.outcome === 'unknown') return text;
  return alias.outcome === 'unknown' ? alias : { outcome: 'absent' };
}

async function checkRecord(resolver: Resolver, record: WantedRecord): Promise<RecordVerdict> {
  if (record.purpose === 'ownership') return checkOwnership(resolver, record);
  const judged = judgeRecord(record, await resolver.lookup(record.type, record.name));
  const [spf] = judged.found;
  if (record.purpose !== 'spf' || judged.outcome !== 'match' || spf === undefined) return judged;
  const { lookups, withinLimit } = await countSpfLookups(resolver, spf);
  if (withinLimit) return { ...judged, spfLookups: lookups };
  const fix = `Remove senders you no longer use from the SPF record: it needs more than the ${MOST_SPF_LOOKUPS} lookups allowed.`;
  return { ...verdict(record, 'different', judged.found, fix), spfLookups: lookups };
}

async function checkOwnership(resolver: Resolver, record: WantedRecord): Promise<RecordVerdict> {
  const { text, alias } = await askForProof(resolver, record);
  const values = [text, alias].flatMap((answer) => (answer.outcome === 'found' ? answer.values : []));
  const judged = judgeRecord(
    record,
    values.length > 0 ? { outcome: 'found', values } : { outcome: 'absent' },
  );
  const open = [text, alias].find((answer) => answer.outcome === 'unknown');
  return judged.outcome === 'match' || open === undefined ? judged : judgeRecord(record, open);
}

async function askForProof(
  resolver: Resolver,
  { type, name, alternative }: WantedRecord,
): Promise<{ text: Answer; alias: Answer }> {
  const [text, alias] = await Promise.all([
    resolver.lookup(type, name),
    resolver.lookup(alternative?.type ?? 'CNAME', alternative?.name ?? name),
  ]);
  return { text, alias };
}

function holds(answer: Answer, value: string | undefined): boolean {
  return answer.outcome === 'found' && value !== undefined && answer.values.includes(value);
}
