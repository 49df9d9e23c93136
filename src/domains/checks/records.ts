import { type DomainName, requireDomainName } from '#libs/address';
import { dkimLabel, type DomainReport, renderRecords, type WantedRecord, wantedRecords } from '#libs/dns';
import type { StoredReport, StoredVerdict } from '../domain.entity.js';
import type { RecordsView, RecordView } from '../domains.schemas.js';

/** The records a domain should have. `spfNow` is the SPF record it has already, or null. */
export const recordsOf = (
  name: string,
  zone: DomainName,
  proofToken: string,
  spfNow: string | null,
): WantedRecord[] => {
  const domain = requireDomainName(name);
  return wantedRecords({
    domain,
    proofToken,
    zone,
    dkim: { label: dkimLabel(domain), selectors: ['k1', 'k2'] },
    spfNow,
    policy: { dmarc: 'none' },
  });
};

/**
 * What is known after a check. Where nobody answered, what was found before is kept: a silent name server must not
 * turn a good record into a doubtful one.
 */
export const mergeReport = (
  before: StoredReport | null,
  report: DomainReport,
  spfNow: string | null,
): StoredReport => ({
  spfNow,
  records: report.verdicts.map(({ record, outcome, found, fix, spfLookups }) => {
    const known = findVerdict(before, record);
    if (outcome === 'unknown' && known !== undefined) return known;
    const { type, name, purpose } = record;
    const seenAt = report.checkedAt.toISOString();
    return { type, name, purpose, outcome, found, fix, spfLookups: spfLookups ?? null, seenAt };
  }),
});

/** Wanted records side by side with what was last found of them. */
export const showRecords = (
  wanted: readonly WantedRecord[],
  stored: StoredReport | null,
  checkedAt: Date | null,
): RecordsView => {
  const records = wanted.map((record) => showRecord(record, findVerdict(stored, record)));
  return {
    ready: records.every((record) => record.state === 'match' || !record.required),
    checkedAt: checkedAt?.toISOString() ?? null,
    records,
  };
};

/** The wanted records as text for a zone file, to be pasted where the domain is kept. */
export const renderWanted = (wanted: readonly WantedRecord[]): string =>
  renderRecords(wanted.map(({ name, type, value }) => ({ name, type, value })));

const showRecord = (record: WantedRecord, known: StoredVerdict | undefined): RecordView => ({
  purpose: record.purpose,
  type: record.type,
  name: record.name,
  value: record.value,
  required: record.required,
  why: record.why,
  alternative: record.alternative ?? null,
  state: known?.outcome ?? 'unchecked',
  found: [...(known?.found ?? [])],
  fix: known?.fix ?? null,
  spfLookups: known?.spfLookups ?? null,
  seenAt: known?.seenAt ?? null,
});

const findVerdict = (stored: StoredReport | null, record: WantedRecord): StoredVerdict | undefined =>
  stored?.records.find(
    ({ type, name, purpose }) => type === record.type && name === record.name && purpose === record.purpose,
  );
