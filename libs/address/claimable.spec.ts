import { describe, expect, it } from 'vitest';
import { judgeClaimable } from './claimable.js';
import { requireDomainName } from './domain-name.js';

const judge = (name: string, allowSpecial: string[] = []) =>
  judgeClaimable(requireDomainName(name), { allowSpecial });

describe('judgeClaimable', () => {
  it.each(['acme.com', 'acme.co.uk', 'mail.acme.com', 'acme.github.io', 'bücher.de', 'localhost.com'])(
    'lets %s be claimed',
    (name) => expect(judge(name)).toEqual({ ok: true }),
  );

  it.each(['co.uk', 'com.au', 'github.io', 'blogspot.com', '公司.cn', 'kawasaki.jp', 'anything.ck'])(
    'refuses the public suffix %s',
    (name) => expect(judge(name)).toEqual({ ok: false, reason: 'public-suffix' }),
  );

  it.each(
    (
      'my.localhost printer.local a.test a.example www.example.com example.org a.invalid abc.onion db.internal ' +
      'home.arpa nas.home.arpa 2.0.192.in-addr.arpa 8.b.d.ip6.arpa router.lan x.alt x.corp'
    ).split(' '),
  )('refuses the special-use name %s', (name) =>
    expect(judge(name)).toEqual({ ok: false, reason: 'special-use' }),
  );

  it('lets names below an allowed suffix be claimed, and no other special-use name', () => {
    expect(judge('lindqvist.example', ['example'])).toEqual({ ok: true });
    expect(judge('lindqvist.test', ['example'])).toEqual({ ok: false, reason: 'special-use' });
    expect(judge('notexample.invalid', ['example'])).toEqual({ ok: false, reason: 'special-use' });
    expect(judge('nas.home.arpa', ['arpa'])).toEqual({ ok: false, reason: 'special-use' });
  });

  it('judges an allowed name itself by the public suffix list', () => {
    expect(judge('fjordnet.example', ['fjordnet.example'])).toEqual({ ok: true });
    expect(judge('home.arpa', ['home.arpa'])).toEqual({ ok: false, reason: 'public-suffix' });
    expect(judge('nas.home.arpa', ['home.arpa'])).toEqual({ ok: true });
  });
});
