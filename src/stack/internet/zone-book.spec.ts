import { beforeEach, describe, expect, it } from 'vitest';
import { NAME_SERVER, ZoneBook } from './zone-book.js';

describe('the zone book', () => {
  let book: ZoneBook;
  beforeEach(() => {
    book = new ZoneBook('127.87.8.1');
    book.set('bakery.example', 'MX', ['10 mx.bakery.example']);
    book.set('_dmarc.bakery.example', 'TXT', ['v=DMARC1; p=none']);
  });
  const ask = (name: string, type: Parameters<ZoneBook['answer']>[1] = 'TXT') => {
    const answer = book.answer(name, type);
    if (answer === 'silence') throw new Error('no answer');
    return answer;
  };
  const values = (name: string, type: Parameters<ZoneBook['answer']>[1] = 'TXT') =>
    ask(name, type).answers.map(({ value }) => value);

  it('answers whatever the case and with or without the dot', () => {
    expect(values('_DMARC.Bakery.Example.')).toEqual(['v=DMARC1; p=none']);
  });

  it('says NODATA with the SOA for a name that has other records', () => {
    const answer = ask('bakery.example', 'TXT');
    expect(answer).toMatchObject({
      code: 'noerror',
      answers: [],
      authority: [{ type: 'SOA', name: 'bakery.example' }],
    });
  });

  it('says NODATA for a name that only has names below it, and for types it does not know', () => {
    book.set('a.b.bakery.example', 'A', ['127.0.0.1']);
    expect(ask('b.bakery.example').code).toBe('noerror');
    expect(ask('example').code).toBe('noerror');
    expect(ask('bakery.example', null).code).toBe('noerror');
  });

  it('says NXDOMAIN with the SOA of the closest zone for a name that does not exist', () => {
    expect(ask('www.bakery.example')).toMatchObject({
      code: 'nxdomain',
      authority: [{ name: 'bakery.example' }],
    });
    expect(ask('nobody.example')).toMatchObject({ code: 'nxdomain', authority: [{ name: '' }] });
  });

  it('gives every registrable domain name servers that have an address', () => {
    expect(values('bakery.example', 'NS')).toEqual([NAME_SERVER]);
    expect(values(NAME_SERVER, 'A')).toEqual(['127.87.8.1']);
    expect(values('_dmarc.bakery.example', 'NS')).toEqual([]);
    expect(values('nobody.example', 'NS')).toEqual([]);
  });

  it('prefers the name servers a zone names itself', () => {
    book.set('bakery.example', 'NS', ['ns1.bakery.example']);
    expect(values('bakery.example', 'NS')).toEqual(['ns1.bakery.example']);
  });

  it('follows a chain of aliases to records, to nothing, and gives up on a circle', () => {
    book.set('k1._domainkey.bakery.example', 'CNAME', ['k1.zone.example']);
    expect(ask('k1._domainkey.bakery.example')).toMatchObject({
      code: 'nxdomain',
      answers: [{ type: 'CNAME' }],
    });
    book.set('k1.zone.example', 'TXT', ['v=DKIM1; p=AAAA']);
    expect(values('k1._domainkey.bakery.example')).toEqual(['k1.zone.example', 'v=DKIM1; p=AAAA']);
    expect(values('k1._domainkey.bakery.example', 'CNAME')).toEqual(['k1.zone.example']);
    book.set('k1.zone.example', 'CNAME', ['k1._domainkey.bakery.example']);
    expect(ask('k1._domainkey.bakery.example', 'MX').code).toBe('servfail');
  });

  it('lets a wildcard speak for names that do not exist, and for those alone', () => {
    book.set('*.bakery.example', 'A', ['127.0.0.9']);
    expect(values('anything.bakery.example', 'A')).toEqual(['127.0.0.9']);
    expect(values('deep.anything.bakery.example', 'A')).toEqual(['127.0.0.9']);
    expect(values('_dmarc.bakery.example', 'A')).toEqual([]);
  });

  it('lays what is set while running over the zone files, hides with an empty list and shows again', () => {
    book.replaceFiles([{ name: 'dental.example', type: 'TXT', value: 'from the file' }]);
    book.set('dental.example', 'TXT', ['set']);
    expect(values('dental.example')).toEqual(['set']);
    book.set('dental.example', 'TXT', []);
    expect(ask('dental.example').code).toBe('nxdomain');
    book.unset('dental.example', 'TXT');
    expect(values('dental.example')).toEqual(['from the file']);
  });

  it('fails for a name and all below it until healed', () => {
    book.fail('bakery.example', 'servfail');
    expect(ask('_dmarc.bakery.example').code).toBe('servfail');
    book.fail('bakery.example', 'timeout');
    expect(book.answer('_dmarc.bakery.example', 'TXT')).toBe('silence');
    book.heal('bakery.example');
    expect(values('_dmarc.bakery.example')).toEqual(['v=DMARC1; p=none']);
  });
});
