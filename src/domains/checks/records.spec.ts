import { requireDomainName } from '#libs/address';
import { checkDomain, fakeResolver } from '#libs/dns';
import { describe, expect, it } from 'vitest';
import { mergeReport, recordsOf, renderWanted, showRecords } from './records.js';

const zone = requireDomainName('mailzone.isp.com');
const wanted = recordsOf('acme.com', zone, 'tok', null);
const now = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-02T00:00:00Z');

const published = {
  'TXT _mail-proof.acme.com': ['mail-proof=tok'],
  'MX acme.com': ['10 mx.mailzone.isp.com'],
};

describe('the report of a check', () => {
  it('keeps what was found before when nobody answers', async () => {
    const seen = mergeReport(null, await checkDomain(fakeResolver(published), wanted, now), null);
    const silent = fakeResolver({ ...published, failing: ['MX acme.com'] });
    const again = mergeReport(seen, await checkDomain(silent, wanted, later), null);
    expect(again.records.find((record) => record.type === 'MX')).toMatchObject({
      outcome: 'match',
      seenAt: now.toISOString(),
    });
    expect(again.records.find((record) => record.purpose === 'ownership')).toMatchObject({
      outcome: 'match',
      seenAt: later.toISOString(),
    });
  });

  it('takes a record that is gone for missing', async () => {
    const seen = mergeReport(null, await checkDomain(fakeResolver(published), wanted, now), null);
    const again = mergeReport(seen, await checkDomain(fakeResolver({}), wanted, later), null);
    expect(again.records.every((record) => record.outcome === 'missing')).toBe(true);
  });

  it('says unknown while nobody has ever answered', async () => {
    const silent = fakeResolver({ failing: ['MX acme.com'] });
    const report = mergeReport(null, await checkDomain(silent, wanted, now), null);
    expect(report.records.find((record) => record.type === 'MX')?.outcome).toBe('unknown');
  });
});

describe('the records shown', () => {
  it('are unchecked and not ready before the first check', () => {
    const view = showRecords(wanted, null, null);
    expect(view).toMatchObject({ ready: false, checkedAt: null });
    expect(new Set(view.records.map((record) => record.state))).toEqual(new Set(['unchecked']));
  });

  it('are ready when every required record is as wanted', async () => {
    const all = Object.fromEntries(
      wanted
        .filter((record) => record.required)
        .map((record) => [`${record.type} ${record.name}` as const, [record.value]]),
    );
    const report = mergeReport(null, await checkDomain(fakeResolver(all), wanted, now), null);
    expect(showRecords(wanted, report, now).ready).toBe(true);
  });

  it('come as lines of a zone file, absolute and quoted', () => {
    expect(renderWanted(wanted).split('\n')).toContain('_mail-proof.acme.com. IN TXT "mail-proof=tok"');
  });
});
