import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { openSmtp, REPLY } from '../house/dialogue.js';
import { eventually } from '../house/house.js';
import { enter, imap } from './doors.js';
import { EICAR } from './sending.js';
import { arrive, arrivesIn, loginOf, note, OUTSIDE, send, settingsOf, type World } from './world.js';

/** Documentation addresses (RFC 5737) for servers that are, or are not, allowed to send for a domain. */
const RIGHTFUL = 'ADDR=198.51.100.7 NAME=mx.rightful.example HELO=mx.rightful.example';
const FOREIGN = 'ADDR=203.0.113.9 NAME=mx.foreign.example HELO=mx.foreign.example';
/** The test text of spam filters (GTUBE), in two parts so that this file is not taken for spam. */
const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*' + 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';

export const provesArrival = (world: () => World): void => {
  describe('mail that arrives', () => {
    it('reaches the mailbox by its address with a tag, by an alias and by the catch-all, and a neighbour’s address never does', async () => {
      const { ana, erik, dental, clerk, bakery, bakeryDomain } = world();
      await bakery.api.post(`${erik.path}/addresses`, {
        kind: 'alias',
        domainId: bakeryDomain,
        localPart: 'sales',
      });
      const { domainId } = await dental.api.get<{ domainId: string }>(clerk.path);
      await dental.api.post(`${clerk.path}/addresses`, { kind: 'catch_all', domainId });
      await eventually(async () =>
        (await arrive(world(), { to: 'anything@dental.example' })).reply.startsWith('250'),
      );
      const [tagged, alias, aliasTagged, caught] = await Promise.all([
        arrive(world(), { to: 'Ana+Letters@Bakery.example' }),
        arrive(world(), { to: 'sales@bakery.example' }),
        arrive(world(), { to: 'sales+spring@bakery.example' }),
        arrive(world(), { to: 'anything-else@dental.example' }),
      ]);
      await arrivesIn(world(), ana, tagged.id);
      await arrivesIn(world(), erik, alias.id);
      await arrivesIn(world(), erik, aliasTagged.id);
      await arrivesIn(world(), clerk, caught.id);
      const unknown = await arrive(world(), { to: 'anything@bakery.example' });
      expect(unknown.reply).toMatch(/^550 5\.1\.1/);
    });

    it('is refused for domains that are not ours', async () => {
      for (const to of [
        'friend@far-away.example',
        'friend%far-away.example@bakery.example',
        '"friend@far-away.example"@bakery.example',
      ]) {
        const { reply } = await arrive(world(), { to });
        expect(reply).toMatch(/^5\d\d/);
      }
    });

    it('is not told which addresses exist by VRFY or EXPN', async () => {
      const talk = await openSmtp(settingsOf(world()));
      expect(await talk.ask('VRFY ana@bakery.example')).toMatch(/^502/);
      expect(await talk.ask('EXPN ana@bakery.example')).toMatch(/^50[02]/);
      talk.close();
    });

    it.each([
      ['\\n.\\n', '\n.\n'],
      ['\\n.\\r\\n', '\n.\r\n'],
      ['\\r.\\r\\n', '\r.\r\n'],
      ['\\r\\n.\\n', '\r\n.\n'],
      ['\\r\\n.\\r', '\r\n.\r'],
    ])('stays one message when %s is slipped into it', async (_, gap) => {
      const outer = note('From: <friend@elsewhere.example>', 'first');
      const inner = note('From: <boss@bakery.example>', 'second');
      const talk = await openSmtp(settingsOf(world()));
      await talk.ask(`MAIL FROM:<${OUTSIDE}>`);
      await talk.ask('RCPT TO:<ana@bakery.example>');
      await talk.ask('DATA');
      const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
      const smuggled = `MAIL FROM:<boss@bakery.example>\r\nRCPT TO:<erik@bakery.example>\r\nDATA\r\n${crlf(inner.text)}`;
      talk.send(`${crlf(outer.text)}${gap}${smuggled}\r\n.\r\n`);
      const first = await talk.read();
      // A second reply would be the smuggled message's; the answer to NOOP must be the next one.
      const second = await talk.ask('NOOP', REPLY);
      talk.close();
      expect(`${first}${second}`).not.toMatch(/354/);
      if (first.startsWith('250')) await arrivesIn(world(), world().ana, outer.id);
      const session = await enter(world(), 'imaps', loginOf(world().erik));
      await imap(session, 'SELECT INBOX');
      expect(await imap(session, `SEARCH HEADER Message-ID ${inner.id.slice(1, -1)}`)).not.toMatch(
        /SEARCH \d/,
      );
      session.close();
    });

    it('is refused when it carries a virus or is plainly spam', async () => {
      const to = world().ana.address;
      expect((await arrive(world(), { to, body: EICAR })).reply).toMatch(/^554 .*virus/);
      expect((await arrive(world(), { to, body: GTUBE })).reply).toMatch(/^554 5\.7\.1 /);
    });
  });

  describe('a claimed sender', () => {
    const publish = (domain: string, dmarc: string | null): void => {
      const { dns } = world().house.stack;
      dns.set(domain, 'MX', ['10 mx.sandbox.example']);
      dns.set(domain, 'TXT', ['v=spf1 ip4:198.51.100.0/24 -all']);
      if (dmarc !== null) dns.set(`_dmarc.${domain}`, 'TXT', [`v=DMARC1; p=${dmarc}`]);
    };
    const fetchHeaders = async (id: string, folder: string): Promise<string> => {
      await arrivesIn(world(), world().ana, id, folder);
      const session = await enter(world(), 'imaps', loginOf(world().ana));
      await imap(session, `SELECT ${folder}`);
      const found = /SEARCH (\d+)/.exec(await imap(session, `SEARCH HEADER Message-ID ${id.slice(1, -1)}`));
      const text = await imap(session, `FETCH ${found?.[1] ?? '0'} BODY.PEEK[HEADER]`);
      session.close();
      return text;
    };

    it('goes to Junk when its domain does not send from there', async () => {
      publish('spf-only.example', null);
      const sent = await arrive(world(), {
        from: 'shop@spf-only.example',
        to: world().ana.address,
        xclient: FOREIGN,
      });
      expect(sent.reply).toMatch(/^250/);
      expect(await fetchHeaders(sent.id, 'Junk')).toMatch(/Authentication-Results: [^]*spf=fail/);
    });

    it('goes to Junk when its domain asks for that', async () => {
      publish('careful.example', 'quarantine');
      const sent = await arrive(world(), {
        from: 'shop@careful.example',
        to: world().ana.address,
        xclient: FOREIGN,
      });
      expect(sent.reply).toMatch(/^250/);
      await arrivesIn(world(), world().ana, sent.id, 'Junk');
    });

    it('is refused when its domain asks for that, and delivered when it comes from where it may', async () => {
      publish('guarded.example', 'reject');
      const letter = { from: 'shop@guarded.example', to: world().ana.address };
      expect((await arrive(world(), { ...letter, xclient: FOREIGN })).reply).toMatch(/^554/);
      const good = await arrive(world(), { ...letter, xclient: RIGHTFUL });
      const headers = await fetchHeaders(good.id, 'INBOX');
      const results = /^Authentication-Results: mx\.mailzone\.fjordnet\.example;(?:\r\n\s.*)*/m.exec(
        headers,
      )?.[0];
      expect(results).toContain('spf=pass');
      expect(results).toContain('dmarc=pass');
    });

    it('cannot bring its own Authentication-Results in our name', async () => {
      publish('forger.example', null);
      const claims =
        'Authentication-Results: mx.mailzone.fjordnet.example; dmarc=pass header.from=bank.example';
      const sent = await arrive(world(), {
        from: 'shop@forger.example',
        to: world().ana.address,
        xclient: RIGHTFUL,
        headers: `${claims}\nFrom: <shop@forger.example>`,
      });
      const headers = await fetchHeaders(sent.id, 'INBOX');
      expect(headers).not.toContain('bank.example');
      expect(headers.match(/^Authentication-Results: mx\.mailzone\.fjordnet\.example;/gm)).toHaveLength(1);
    });
  });

  describe('Junk', () => {
    it('teaches the filter what goes in, and what comes out again', async () => {
      const { id } = await arrive(world(), {
        to: world().ana.address,
        body: LESSON,
      });
      await arrivesIn(world(), world().ana, id);
      const before = await learned(world());
      const lessons = await countLessons(world());
      const session = await enter(world(), 'imaps', loginOf(world().ana));
      const move = async (from: string, to: string): Promise<void> => {
        await imap(session, `SELECT ${from}`);
        const uid = /SEARCH (\d+)/.exec(
          await imap(session, `UID SEARCH HEADER Message-ID ${id.slice(1, -1)}`),
        );
        expect(await imap(session, `UID MOVE ${uid?.[1] ?? '0'} ${to}`)).toMatch(/ OK /);
      };
      await move('INBOX', 'Junk');
      await eventually(async () => (await learned(world())).spam === before.spam + 1);
      await move('Junk', 'INBOX');
      await eventually(async () => (await learned(world())).ham === before.ham + 1);
      expect(await countLessons(world())).toBe(lessons + 2);
      session.close();
    });
  });

  describe('the policy process', () => {
    it('may be gone: mail comes and goes', async () => {
      const service = world().house.stack.service('policy');
      await service.kill();
      try {
        expect((await arrive(world(), { to: world().ana.address })).reply).toMatch(/^250/);
        expect((await send(world(), world().ana, { to: OUTSIDE })).reply).toMatch(/^250/);
      } finally {
        await service.start();
      }
    });
  });
};

/** Long enough to tell it by its words. */
const LESSON =
  'Dear winner, your lucky number drew seventeen golden teapots, a silver spoon, three velvet curtains and one weekend ' +
  'aboard a wooden steamer. Answer today, name your bank, and our courier brings everything tomorrow before breakfast.';

/** How many messages of each kind the filter knows; its controller tells of kinds only late. */
const learned = async (world: World): Promise<{ spam: number; ham: number }> => {
  const { host, port, password } = settingsOf(world).redis;
  const redis = new Redis({ host, port, password, db: 1 });
  const [spam, ham] = await redis.hmget('RS', 'learns_spam', 'learns_ham');
  redis.disconnect();
  return { spam: Number(spam ?? 0), ham: Number(ham ?? 0) };
};

/** How many lessons the filter's controller took. */
const countLessons = async (world: World): Promise<number> => {
  const { ports, secrets } = settingsOf(world);
  const answer = await fetch(`http://127.0.0.1:${ports.rspamdController}/stat`, {
    headers: { password: secrets.rspamdPassword },
  });
  return ((await answer.json()) as { learned: number }).learned;
};
