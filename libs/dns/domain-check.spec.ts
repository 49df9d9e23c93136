import { requireDomainName } from '#libs/address';
import { describe, expect, it } from 'vitest';
import { checkDomain, judgeProof } from './domain-check.js';
import { type FakeRecords, fakeResolver } from './fake-resolver.js';
import type { RecordVerdict } from './record-verdict.js';
import { type RecordPurpose, wantedRecords } from './wanted-records.js';

const wanted = wantedRecords({
  domain: requireDomainName('acme.test'),
  proofToken: 'token1',
  zone: requireDomainName('zone.isp.test'),
  dkim: { label: 'label1', selectors: ['k1', 'k2'] },
  spfNow: null,
  policy: { dmarc: 'none' },
});

const complete: FakeRecords = {
  'TXT _mail-proof.acme.test': ['mail-proof=token1'],
  'CNAME k1._domainkey.acme.test': ['k1.label1.dkim.zone.isp.test'],
  'CNAME k2._domainkey.acme.test': ['k2.label1.dkim.zone.isp.test'],
  'TXT acme.test': ['google-site-verification=1', 'v=spf1 include:_spf.zone.isp.test ~all'],
  'TXT _spf.zone.isp.test': ['v=spf1 ip4:192.0.2.1 -all'],
  'TXT _dmarc.acme.test': ['v=DMARC1; p=none'],
  'MX acme.test': ['10 mx.zone.isp.test'],
};

const now = new Date('2026-01-02T03:04:05Z');

async function check(purpose: RecordPurpose, changes: FakeRecords): Promise<RecordVerdict> {
  const report = await checkDomain(fakeResolver({ ...complete, ...changes }), wanted, now);
  const verdict = report.verdicts.find(({ record }) => record.purpose === purpose);
  if (verdict === undefined) throw new Error(`No verdict on ${purpose}`);
  return verdict;
}

describe('checkDomain', () => {
  it('is ready when every record matches, with nothing to fix', async () => {
    const report = await checkDomain(fakeResolver(complete), wanted, now);
    expect(report).toMatchObject({ checkedAt: now, ready: true });
    expect(report.verdicts.map(({ outcome, fix }) => [outcome, fix])).toEqual(
      wanted.map(() => ['match', null]),
    );
  });

  it('reports everything missing on an empty domain, with the record to add', async () => {
    const report = await checkDomain(fakeResolver({}), wanted, now);
    expect(report.ready).toBe(false);
    for (const { outcome, record, fix } of report.verdicts) {
      expect(outcome).toBe('missing');
      expect(fix).toContain(record.name);
      expect(fix).toContain(record.value);
    }
  });

  it('is ready without the DMARC record, which is not required', async () => {
    const report = await checkDomain(fakeResolver({ ...complete, 'TXT _dmarc.acme.test': [] }), wanted, now);
    expect(report.ready).toBe(true);
  });

  it('is not ready, and calls nothing missing, when DNS does not answer', async () => {
    const failing = wanted.map(({ type, name }) => `${type} ${name}` as const);
    const report = await checkDomain(fakeResolver({ ...complete, failing }), wanted, now);
    expect(report.ready).toBe(false);
    expect(new Set(report.verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['unknown']));
  });
});

describe('the verdict on MX', () => {
  it.each([
    [['10 MX.zone.isp.test.']],
    [['0 mx.zone.isp.test']],
    [['5 mx.zone.isp.test', '10 mx.zone.isp.test']],
  ])('is a match for %j: case, dot and preference do not matter', async (values) =>
    expect(await check('mx', { 'MX acme.test': values })).toMatchObject({ outcome: 'match' }),
  );

  it('is different, naming what to remove, while another host is listed beside ours', async () => {
    const verdict = await check('mx', { 'MX acme.test': ['10 mx.zone.isp.test', '20 mx.old.test'] });
    expect(verdict.outcome).toBe('different');
    expect(verdict.fix).toBe(
      'Remove the other MX records (“20 mx.old.test”): part of your mail still goes there.',
    );
  });

  it.each([[['10 mx.old.test']], [['0 .']], [['10 notmx.zone.isp.test']]])(
    'is different for %j',
    async (values) =>
      expect(await check('mx', { 'MX acme.test': values })).toMatchObject({
        outcome: 'different',
        found: values,
      }),
  );
});

describe('the verdict on SPF', () => {
  it('counts the lookups of a record that matches', async () => {
    const values = ['v=spf1 a mx include:_spf.zone.isp.test -all'];
    const verdict = await check('spf', { 'TXT acme.test': values });
    expect(verdict).toMatchObject({ outcome: 'match', spfLookups: 3, found: values });
  });

  it('offers the owner’s record with our include in it', async () => {
    expect(await check('spf', { 'TXT acme.test': ['v=spf1 include:crm.test -all'] })).toMatchObject({
      outcome: 'different',
      fix: 'Change the SPF record to “v=spf1 include:crm.test include:_spf.zone.isp.test -all”.',
    });
  });

  it('asks to join two SPF records into one', async () => {
    const values = [
      'v=spf1 include:crm.test -all',
      'v=spf1 include:_spf.zone.isp.test include:crm.test ~all',
    ];
    const verdict = await check('spf', { 'TXT acme.test': values });
    expect(verdict.outcome).toBe('different');
    expect(verdict.fix).toContain('“v=spf1 include:crm.test include:_spf.zone.isp.test -all”');
  });

  it('is different when the record is not valid or our include comes after all', async () => {
    for (const text of [
      'v=spf1 include:_spf.zone.isp.test foo:bar',
      'v=spf1 ~all include:_spf.zone.isp.test',
    ])
      expect(await check('spf', { 'TXT acme.test': [text] })).toMatchObject({ outcome: 'different' });
  });

  it('is different when receivers would give up counting lookups', async () => {
    const text = `v=spf1 include:_spf.zone.isp.test ${'a '.repeat(10)}-all`;
    const verdict = await check('spf', { 'TXT acme.test': [text] });
    expect(verdict).toMatchObject({ outcome: 'different', spfLookups: 11 });
    expect(verdict.fix).toContain('more than the 10 lookups');
  });
});

describe('the verdict on DKIM', () => {
  it('is a match whatever the case, and different when it points elsewhere', async () => {
    const name = 'CNAME k1._domainkey.acme.test';
    expect(await check('dkim', { [name]: ['K1.Label1.dkim.zone.isp.test.'] })).toMatchObject({
      outcome: 'match',
    });
    expect(await check('dkim', { [name]: ['k2.label1.dkim.zone.isp.test'] })).toMatchObject({
      outcome: 'different',
    });
  });
});

describe('the verdict on DMARC', () => {
  it.each([
    'v=DMARC1; p=reject; rua=mailto:x@acme.test',
    'v=DMARC1;p=quarantine',
    'v=DMARC1; rua=mailto:x@acme.test',
  ])('is a match for %s', async (text) =>
    expect(await check('dmarc', { 'TXT _dmarc.acme.test': [text] })).toMatchObject({ outcome: 'match' }),
  );

  it('is different for an invalid policy or two records, and missing for other text', async () => {
    const at = 'TXT _dmarc.acme.test';
    expect(await check('dmarc', { [at]: ['v=DMARC1; p=monitor'] })).toMatchObject({ outcome: 'different' });
    expect(await check('dmarc', { [at]: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] })).toMatchObject({
      outcome: 'different',
    });
    expect(await check('dmarc', { [at]: ['v=DMARC10; p=none'] })).toMatchObject({ outcome: 'missing' });
  });
});

describe('judgeProof', () => {
  const txt = 'TXT _mail-proof.acme.test';
  const cname = 'CNAME _mail-proof.acme.test';
  const judge = (records: FakeRecords) => judgeProof(fakeResolver(records), wanted);

  it('is proven by the token as a whole TXT value, beside others', async () => {
    expect(await judge({ [txt]: ['mail-proof=other', 'mail-proof=token1'] })).toEqual({
      outcome: 'proven',
      method: 'txt',
    });
  });

  it('is proven by the alias', async () => {
    expect(await judge({ [cname]: ['Token1.proof.zone.isp.test.'] })).toEqual({
      outcome: 'proven',
      method: 'cname',
    });
  });

  it.each([
    [{}],
    [{ [txt]: ['mail-proof=token'] }],
    [{ [txt]: ['mail-proof=token1 '] }],
    [{ [txt]: ['x mail-proof=token1'] }],
    [{ [txt]: ['MAIL-PROOF=TOKEN1'] }],
    [{ [cname]: ['token1.proof.zone.isp.test.evil.test'] }],
    [{ 'TXT acme.test': ['mail-proof=token1'] } as FakeRecords],
  ])('is absent for %j', async (records: FakeRecords) => {
    expect(await judge(records)).toEqual({ outcome: 'absent' });
  });

  it('is unknown while any question stays open and no proof was seen', async () => {
    expect(await judge({ failing: [txt] })).toEqual({ outcome: 'unknown', why: 'timeout' });
    expect(await judge({ failing: [cname] })).toEqual({ outcome: 'unknown', why: 'timeout' });
    expect(await judge({ [txt]: ['mail-proof=other'], failing: [cname] })).toMatchObject({
      outcome: 'unknown',
    });
  });

  it('is proven by the one answer that came, though the other stayed away', async () => {
    expect(await judge({ [txt]: ['mail-proof=token1'], failing: [cname] })).toMatchObject({
      outcome: 'proven',
    });
  });

  it('appears in the check as the same verdict', async () => {
    expect(await check('ownership', { [txt]: [], [cname]: ['token1.proof.zone.isp.test'] })).toMatchObject({
      outcome: 'match',
    });
    expect(await check('ownership', { [txt]: ['mail-proof=old'] })).toMatchObject({ outcome: 'different' });
    expect(await check('ownership', { failing: [txt] })).toMatchObject({ outcome: 'unknown' });
  });
});
