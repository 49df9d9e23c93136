import { requireDomainName } from '#libs/address';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandZoneRecords } from './brand-zone.js';
import { parseZone, renderRecords, renderZone, type Zone, type ZoneRecord } from './zone-text.js';

const soa = {
  primary: 'ns1.isp.test',
  contact: 'dns.master@isp.test',
  refreshSeconds: 3600,
  retrySeconds: 600,
  expireSeconds: 604_800,
  negativeSeconds: 60,
};
const zone: Zone = { origin: 'zone.isp.test', ttlSeconds: 300, serial: 2_026_010_101, soa, records: [] };

describe('renderZone', () => {
  it('writes a master file with absolute names', () => {
    const records: ZoneRecord[] = [
      { name: 'zone.isp.test', type: 'NS', value: 'ns1.isp.test' },
      { name: 'zone.isp.test', type: 'MX', value: '10 mx.isp.test', ttlSeconds: 60 },
      { name: 'null.isp.test', type: 'MX', value: '0 .' },
      { name: 'mx.zone.isp.test', type: 'AAAA', value: '2001:db8::1' },
      { name: '_x.zone.isp.test', type: 'TXT', value: 'say "hi" \\ ü' },
    ];
    expect(renderZone({ ...zone, records }).split('\n')).toEqual([
      '$ORIGIN zone.isp.test.',
      '$TTL 300',
      'zone.isp.test. IN SOA ns1.isp.test. dns\\.master.isp.test. 2026010101 3600 600 604800 60',
      'zone.isp.test. IN NS ns1.isp.test.',
      'zone.isp.test. 60 IN MX 10 mx.isp.test.',
      'null.isp.test. IN MX 0 .',
      'mx.zone.isp.test. IN AAAA 2001:db8::1',
      '_x.zone.isp.test. IN TXT "say \\"hi\\" \\\\ \\195\\188"',
      '',
    ]);
  });

  it('splits a TXT into strings of 255 bytes', () => {
    const text = renderRecords([{ name: 'k.isp.test', type: 'TXT', value: 'a'.repeat(600) }]);
    expect([...text.matchAll(/"(a*)"/g)].map(([, string]) => string?.length)).toEqual([255, 255, 90]);
  });

  it.each<ZoneRecord>([
    { name: 'a.test\nevil.test', type: 'A', value: '192.0.2.1' },
    { name: 'a test', type: 'A', value: '192.0.2.1' },
    { name: 'a.test', type: 'A', value: '2001:db8::1' },
    { name: 'a.test', type: 'AAAA', value: '192.0.2.1' },
    { name: 'a.test', type: 'CNAME', value: 'b.test.\nc.test' },
    { name: 'a.test', type: 'MX', value: 'mx.test' },
    { name: 'a.test', type: 'MX', value: '10 mx.test;' },
    { name: 'a.test', type: 'TXT', value: 'x', ttlSeconds: -1 },
  ])('refuses %j, which would write something else', (record) => {
    expect(() => renderZone({ ...zone, records: [record] })).toThrow(RangeError);
  });
});

describe('parseZone', () => {
  const name = fc.domain().map((text) => text.toLowerCase());
  const value = {
    TXT: fc.string({ unit: 'grapheme', maxLength: 700 }),
    CNAME: name,
    NS: name,
    A: fc.ipV4(),
    AAAA: fc.ipV6(),
    MX: fc.tuple(fc.nat(65_535), fc.oneof(name, fc.constant('.'))).map((parts) => parts.join(' ')),
  };
  const types = Object.keys(value) as (keyof typeof value)[];
  const record = fc
    .constantFrom(...types)
    .chain((type) =>
      fc.record<ZoneRecord>(
        { name, type: fc.constant(type), value: value[type], ttlSeconds: fc.nat() },
        { requiredKeys: ['name', 'type', 'value'] },
      ),
    );

  it('reads back whatever was written', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), name, fc.nat(), (records, origin, serial) => {
        const written: Zone = { ...zone, origin, serial, records };
        expect(parseZone(renderZone(written))).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  it('passes over comments and blank lines', () => {
    expect(parseZone(`; made by hand\n\n${renderZone(zone)}\n  ; end\n`)).toEqual(zone);
  });

  it('throws a SyntaxError that shows the line it cannot read', () => {
    expect(() => parseZone(`${renderZone(zone)}a.test. IN SRV 0 0 1 b.test.\n`)).toThrow(SyntaxError);
    expect(() => parseZone('')).toThrow(SyntaxError);
    expect(() => parseZone(`${renderZone(zone)}nonsense\n`)).toThrow('nonsense');
  });
});

describe('brandZoneRecords', () => {
  const records = brandZoneRecords({
    zone: requireDomainName('mailzone.fjordnet.example'),
    nameServers: ['ns.fjordnet.example'],
    mxAddresses: ['192.0.2.1', '2001:db8::1'],
    senderAddresses: ['192.0.2.2', '2001:db8::2'],
    dkimKeys: [{ selector: 'k1', label: 'label1', publicKeyBase64: 'MIIB' }],
  });

  it('holds the targets of every record a tenant publishes', () => {
    expect(records.map(({ name, type, value }) => `${name} ${type} ${value}`)).toEqual([
      'mailzone.fjordnet.example NS ns.fjordnet.example',
      'mx.mailzone.fjordnet.example A 192.0.2.1',
      'mx.mailzone.fjordnet.example AAAA 2001:db8::1',
      '_spf.mailzone.fjordnet.example TXT v=spf1 ip4:192.0.2.2 ip6:2001:db8::2 -all',
      'k1.label1.dkim.mailzone.fjordnet.example TXT v=DKIM1; k=rsa; p=MIIB',
    ]);
  });

  it('can be written as a zone and read again', () => {
    const written: Zone = { ...zone, origin: 'mailzone.fjordnet.example', records };
    expect(parseZone(renderZone(written))).toEqual(written);
  });

  it('refuses a host name where an address belongs', () => {
    expect(() =>
      brandZoneRecords({
        zone: requireDomainName('z.test'),
        nameServers: [],
        mxAddresses: ['mx.test'],
        senderAddresses: [],
        dkimKeys: [],
      }),
    ).toThrow('Not an IP address: mx.test');
  });
});
