import { describe, expect, it } from 'vitest';
import { openSmtp } from '../house/dialogue.js';
import { eventually } from '../house/house.js';
import { verifySignature } from '../house/signature.js';
import type { TestMailbox } from '../house/tenant.js';
import { append, enter, imap } from './doors.js';
import { eventsOf } from './tracing.js';
import { arrive, arrivesIn, loginOf, note, send, settingsOf, type World } from './world.js';

const QUOTA_BYTES = 2_000_000;

/** One mailbox per warned share, filled early: warnings come with a sweep once a minute. */
export interface Filling {
  readonly shares: ReadonlyMap<number, TestMailbox>;
  /** Filled to 60 %, then given less room, so that 96 % are used. */
  readonly lowered: TestMailbox;
  readonly full: TestMailbox;
}

const letterOf = (bytes: number): string => {
  const head = note('From: <friend@elsewhere.example>').text.replaceAll('\n', '\r\n');
  return head.padEnd(bytes, `${'full of words '.repeat(5)}\r\n`);
};

const fill = async (world: World, mailbox: TestMailbox, bytes: number): Promise<void> => {
  const session = await eventually(() => enter(world, 'imaps', loginOf(mailbox)));
  const said = await append(session, 'INBOX', letterOf(bytes));
  session.close();
  if (!/ OK /.test(said)) throw new Error(said);
};

export const fillMailboxes = async (world: World): Promise<Filling> => {
  const shares = new Map<number, TestMailbox>();
  for (const percent of [80, 90, 95, 100]) {
    const mailbox = await world.open(`filled-${percent}`, { quotaBytes: QUOTA_BYTES });
    shares.set(percent, mailbox);
    await fill(world, mailbox, (QUOTA_BYTES * Math.min(percent + 1, 98)) / 100);
  }
  const lowered = await world.open('lowered', { quotaBytes: QUOTA_BYTES });
  await fill(world, lowered, QUOTA_BYTES * 0.6);
  const { status } = await world.bakery.api.ask('PATCH', lowered.path, { quotaBytes: QUOTA_BYTES * 0.625 });
  expect(status).toBe(200);
  const full = shares.get(100)!;
  // A mailbox with room takes one message more than fits.
  const last = await arrive(world, { to: full.address, body: letterOf(60_000) });
  await arrivesIn(world, full, last.id);
  await world.bakery.api.post(`${full.path}/addresses`, {
    kind: 'alias',
    domainId: world.bakeryDomain,
    localPart: 'full-alias',
  });
  return { shares, lowered, full };
};

export const provesFilling = (world: () => World, filling: () => Filling): void => {
  describe('a full mailbox', () => {
    it.each(['filled-100@bakery.example', 'filled-100+tag@bakery.example', 'full-alias@bakery.example'])(
      'answers 452 to %s before the message is sent',
      async (to) => {
        const refused = await eventually(async () => {
          const tried = await askRoom(world(), to, 5_000);
          return tried.startsWith('452') ? tried : null;
        });
        expect(refused).toMatch(
          /^452 4\.2\.2 .*(?:This mailbox has no room for this message|This mailbox is full)\./,
        );
      },
    );

    it('answers 452 to a name that its catch-all takes', async () => {
      const { dental, clerk } = world();
      const { status } = await dental.api.ask('PATCH', clerk.path, { quotaBytes: 1_000_000 });
      expect(status).toBe(200);
      const last = await arrive(world(), { to: 'no-such-name@dental.example', body: letterOf(1_100_000) });
      await arrivesIn(world(), clerk, last.id);
      expect(await askRoom(world(), 'no-such-name@dental.example', 1_000)).toMatch(/^452 4\.2\.2 /);
    });

    it('does not keep a message from its neighbour in the same transaction', async () => {
      const sent = await arrive(world(), {
        to: ['filled-100@bakery.example', 'ana@bakery.example'],
        body: 'x'.repeat(900),
      });
      expect(sent.recipients[1]).toMatch(/^250/);
      expect(sent.reply).toMatch(/^250/);
      await arrivesIn(world(), world().ana, sent.id);
    });

    it('takes the message that makes it full, and no other', async () => {
      const mailbox = await world().open('nearly', { quotaBytes: QUOTA_BYTES });
      await fill(world(), mailbox, QUOTA_BYTES * 0.98);
      const last = await arrive(world(), { to: mailbox.address, body: letterOf(60_000) });
      await arrivesIn(world(), mailbox, last.id);
      expect((await arrive(world(), { to: mailbox.address })).reply).toMatch(
        /^452 4\.2\.2 .*This mailbox is full\./,
      );
    });

    it('lets mail from a neighbour wait, and not the neighbour’s mail to others', async () => {
      const { full } = filling();
      const sent = await send(world(), world().erik, { to: [full.address, world().ana.address] });
      expect(sent.reply).toMatch(/^250/);
      await arrivesIn(world(), world().ana, sent.id);
      const [deferred] = await eventsOf(world(), sent.id, 'deferred');
      expect(deferred).toMatchObject({ recipient: full.address, mailbox_id: full.id });
      expect(deferred?.reply).toMatch(/452 4\.2\.2 .*This mailbox is full\./);
    });
  });

  describe('a mailbox that fills up', () => {
    it.each([80, 90, 95, 100])(
      'is told at %d percent, in the mailbox, in the words of its brand',
      async (percent) => {
        const mailbox = filling().shares.get(percent)!;
        const subject = percent === 100 ? 'is full' : `is ${percent} % full`;
        const letter = await noticeIn(world(), mailbox, subject);
        expect(letter).toContain('Fjordnet Mail');
        expect(letter).toContain('help@fjordnet.example');
        expect(letter.slice(letter.indexOf('\r\nFrom:'))).not.toMatch(/livery|postfix|dovecot/i);
      },
    );

    it('is told when its room was made smaller', async () => {
      await noticeIn(world(), filling().lowered, 'is 95 % full');
    });

    it('tells the contact of the account too at 100 percent, signed, and once', async () => {
      const toContact = () =>
        world().house.stack.sink.messages.filter(
          ({ recipients, content }) =>
            recipients.includes('owner@elsewhere.example') && content.includes('filled-100@'),
        );
      const letter = await eventually(async () => toContact()[0]);
      expect(toContact()).toHaveLength(1);
      expect(letter.content).toContain('The mailbox filled-100@bakery.example is full');
      expect(letter.content).toMatch(/^From: "?Fjordnet Mail"? <postmaster@bakery\.example>/m);
      const [signature] = await verifySignature(letter, settingsOf(world()).dns.address);
      expect(signature).toMatchObject({ domain: 'bakery.example', result: 'pass' });
    });
  });
};

/** What is said at RCPT TO about a message of a told size. */
const askRoom = async (world: World, to: string, sizeBytes: number): Promise<string> => {
  const talk = await openSmtp(settingsOf(world));
  await talk.ask(`MAIL FROM:<friend@elsewhere.example> SIZE=${sizeBytes}`);
  const reply = await talk.ask(`RCPT TO:<${to}>`);
  talk.close();
  return reply;
};

const noticeIn = (world: World, mailbox: TestMailbox, subject: string): Promise<string> =>
  eventually(async () => {
    const session = await enter(world, 'imaps', loginOf(mailbox));
    try {
      await imap(session, 'SELECT INBOX');
      const found = /SEARCH (\d+)/.exec(await imap(session, `SEARCH SUBJECT "${subject}"`));
      return found ? await imap(session, `FETCH ${found[1]} BODY.PEEK[]`) : null;
    } finally {
      session.close();
    }
  }, 90_000);
