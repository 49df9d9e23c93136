import { requireDomainName } from '#libs/address';
import { describe, expect, it } from 'vitest';
import { dkimLabel, wantedRecords, type WantedInput } from './wanted-records.js';

const domain = requireDomainName('lindqvist.example');

const input: WantedInput = {
  domain,
  proofToken: 'abc123',
  zone: requireDomainName('mailzone.fjordnet.example'),
  dkim: { label: dkimLabel(domain), selectors: ['k1', 'k2'] },
  spfNow: null,
  policy: { dmarc: 'none' },
};

describe('wantedRecords', () => {
  it('authors ownership, two signing aliases, SPF, DMARC and MX, in the order to publish them', () => {
    const label = dkimLabel(domain);
    const lines = wantedRecords(input).map(({ required, type, name, value }) => [
      required,
      type,
      name,
      value,
    ]);
    expect(lines).toEqual([
      [true, 'TXT', '_mail-proof.lindqvist.example', 'mail-proof=abc123'],
      [true, 'CNAME', 'k1._domainkey.lindqvist.example', `k1.${label}.dkim.mailzone.fjordnet.example`],
      [true, 'CNAME', 'k2._domainkey.lindqvist.example', `k2.${label}.dkim.mailzone.fjordnet.example`],
      [true, 'TXT', 'lindqvist.example', 'v=spf1 include:_spf.mailzone.fjordnet.example ~all'],
      [false, 'TXT', '_dmarc.lindqvist.example', 'v=DMARC1; p=none'],
      [true, 'MX', 'lindqvist.example', '10 mx.mailzone.fjordnet.example'],
    ]);
  });

  it('offers an alias as another proof at the same name', () => {
    expect(wantedRecords(input)[0]?.alternative).toEqual({
      type: 'CNAME',
      name: '_mail-proof.lindqvist.example',
      value: 'abc123.proof.mailzone.fjordnet.example',
    });
  });

  it('merges SPF into the record the owner has', () => {
    const [spf] = wantedRecords({ ...input, spfNow: 'v=spf1 include:crm.test -all' }).filter(
      ({ purpose }) => purpose === 'spf',
    );
    expect(spf?.value).toBe('v=spf1 include:crm.test include:_spf.mailzone.fjordnet.example -all');
  });

  it('points at nothing but the brand zone and says why for each record', () => {
    for (const { value, why, purpose } of wantedRecords(input)) {
      if (purpose !== 'ownership' && purpose !== 'dmarc')
        expect(value).toContain('mailzone.fjordnet.example');
      expect(why).toMatch(/^[A-Z].{20,}\.$/);
    }
  });
});

describe('dkimLabel', () => {
  it('is 16 characters, the same for a name each time and another for another', () => {
    expect(dkimLabel(domain)).toMatch(/^[0-9a-v]{16}$/);
    expect(dkimLabel(domain)).toBe(dkimLabel(requireDomainName('Lindqvist.Example.')));
    expect(dkimLabel(domain)).not.toBe(dkimLabel(requireDomainName('lindqvist.test')));
  });
});
