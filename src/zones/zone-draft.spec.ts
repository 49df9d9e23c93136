import { requireDomainName } from '#libs/address';
import { parseZone, renderZone } from '#libs/dns';
import { describe, expect, it } from 'vitest';
import { draftZone, numberZone } from './zone-draft.js';

const facts = {
  zone: requireDomainName('mailzone.isp.com'),
  nameServerAddresses: ['192.0.2.53', '2001:db8::53'],
  mailAddresses: ['192.0.2.10'],
  dkimKeys: [{ selector: 'k1', label: '0123456789abcdef', publicKeyBase64: 'AAAA' }],
};
const draft = draftZone(facts);
const at = (seconds: number): Date => new Date(seconds * 1_000);

describe('the zone of a brand', () => {
  it('names its servers inside itself, each with its address', () => {
    expect(draft.records).toEqual(
      expect.arrayContaining([
        { name: 'mailzone.isp.com', type: 'NS', value: 'ns1.mailzone.isp.com' },
        { name: 'ns1.mailzone.isp.com', type: 'A', value: '192.0.2.53' },
        { name: 'ns2.mailzone.isp.com', type: 'AAAA', value: '2001:db8::53' },
      ]),
    );
  });

  it('names nothing outside itself', () => {
    const { records, soa } = draft;
    const named = [soa.primary, soa.contact, ...records.map(({ name }) => name)];
    expect(named.filter((name) => !name.endsWith('mailzone.isp.com'))).toEqual([]);
  });

  it('reads back as it was written', () => {
    const zone = numberZone(draft, null, at(1_000));
    expect(parseZone(renderZone(zone))).toEqual(zone);
  });
});

describe('the serial', () => {
  const before = numberZone(draft, null, at(1_000));
  const changed = draftZone({ ...facts, dkimKeys: [] });

  it('stays while the zone says the same', () => {
    expect(numberZone(draft, before, at(9_000)).serial).toBe(1_000);
  });

  it('grows with each change, also within one second and when the clock went back', () => {
    expect(numberZone(changed, before, at(2_000)).serial).toBe(2_000);
    expect(numberZone(changed, before, at(1_000)).serial).toBe(1_001);
    expect(numberZone(changed, before, at(500)).serial).toBe(1_001);
  });
});
