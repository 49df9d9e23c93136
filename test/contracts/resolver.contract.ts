import { describe, expect, it } from 'vitest';
import type { FakeRecords, Resolver } from '#libs/dns';

/** Everything below lies in the zone acme.test, so an adapter needs one server that holds it. */
export const CONTRACT_ZONE = 'acme.test';

const key = `v=DKIM1; k=rsa; p=${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'.repeat(12)}`;

const records: FakeRecords = {
  'TXT acme.test': ['v=spf1 include:_spf.isp.test ~all', 'token "quoted" \\ as is'],
  'TXT k1._domainkey.acme.test': [key],
  'MX acme.test': ['10 MX.isp.test', '20 mx2.isp.test.'],
  'MX null.acme.test': ['0 .'],
  'A www.acme.test': ['192.0.2.10', '192.0.2.11'],
  'AAAA www.acme.test': ['2001:db8::10'],
  'CNAME shop.acme.test': ['WWW.acme.test.'],
  'CNAME loop-a.acme.test': ['loop-b.acme.test'],
  'CNAME loop-b.acme.test': ['loop-a.acme.test'],
  'CNAME dangling.acme.test': ['nowhere.acme.test'],
  failing: ['TXT _dmarc.acme.test', 'MX broken.acme.test'],
};

/** What every resolver promises, whatever stands behind it. `make` builds one that sees `records`. */
export function resolverContract(name: string, make: (records: FakeRecords) => Promise<Resolver>): void {
  describe(`${name} as a resolver`, () => {
    const lookup: Resolver['lookup'] = async (type, asked) => (await make(records)).lookup(type, asked);
    const values = async (...question: Parameters<Resolver['lookup']>): Promise<string[]> => {
      const answer = await lookup(...question);
      return answer.outcome === 'found' ? answer.values.toSorted() : [answer.outcome];
    };

    it('finds every TXT value, text untouched', async () => {
      expect(await values('TXT', 'acme.test')).toEqual([
        'token "quoted" \\ as is',
        'v=spf1 include:_spf.isp.test ~all',
      ]);
    });

    it('joins the strings of a long TXT', async () => {
      expect(await values('TXT', 'k1._domainkey.acme.test')).toEqual([key]);
    });

    it('writes MX as preference and host, lower case, without trailing dot', async () => {
      expect(await values('MX', 'acme.test')).toEqual(['10 mx.isp.test', '20 mx2.isp.test']);
    });

    it('writes the null MX as "0 ."', async () => {
      expect(await values('MX', 'null.acme.test')).toEqual(['0 .']);
    });

    it('finds addresses of both families', async () => {
      expect(await values('A', 'www.acme.test')).toEqual(['192.0.2.10', '192.0.2.11']);
      expect(await values('AAAA', 'www.acme.test')).toEqual(['2001:db8::10']);
    });

    it('takes names in any case and with a trailing dot', async () => {
      expect(await values('A', 'WWW.Acme.TEST.')).toEqual(['192.0.2.10', '192.0.2.11']);
    });

    it('follows an alias, and shows it when asked for the alias itself', async () => {
      expect(await values('A', 'shop.acme.test')).toEqual(['192.0.2.10', '192.0.2.11']);
      expect(await values('CNAME', 'shop.acme.test')).toEqual(['www.acme.test']);
    });

    it('calls a name that is not there, and a type it has not, absent', async () => {
      expect(await lookup('TXT', 'nothing.acme.test')).toEqual({ outcome: 'absent' });
      expect(await lookup('AAAA', 'acme.test')).toEqual({ outcome: 'absent' });
      expect(await lookup('A', 'dangling.acme.test')).toEqual({ outcome: 'absent' });
    });

    it('calls a failing server unknown, never absent', async () => {
      expect(await lookup('TXT', '_dmarc.acme.test')).toMatchObject({ outcome: 'unknown' });
      expect(await lookup('MX', 'broken.acme.test')).toMatchObject({ outcome: 'unknown' });
    });

    it('calls aliases that go in a circle unknown', async () => {
      expect(await lookup('A', 'loop-a.acme.test')).toMatchObject({ outcome: 'unknown' });
    });

    it.each(['', 'a..acme.test', `${'a'.repeat(64)}.acme.test`, `${'a.'.repeat(130)}test`, 'a b.acme.test'])(
      'calls the impossible name %j unknown instead of throwing',
      async (impossible) => {
        expect(await lookup('TXT', impossible)).toEqual({ outcome: 'unknown', why: 'malformed' });
      },
    );
  });
}
