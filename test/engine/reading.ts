import { describe, expect, it } from 'vitest';
import { Dialogue } from '../house/dialogue.js';
import { eventually } from '../house/house.js';
import type { TestMailbox } from '../house/tenant.js';
import { append, enter, imap } from './doors.js';
import { arrive, arrivesIn, figure, loginOf, note, type World } from './world.js';

export const provesReading = (world: () => World): void => {
  describe('reading by IMAP', () => {
    let mailbox: TestMailbox;
    const openSession = async (): Promise<Dialogue> => {
      mailbox ??= await world().open('reader');
      return eventually(() => enter(world(), 'imaps', loginOf(mailbox)));
    };
    const put = async (talk: Dialogue, folder: string, body: string): Promise<number> => {
      const said = await append(talk, folder, note('From: <friend@elsewhere.example>', body).text);
      return Number(/APPENDUID \d+ (\d+)/.exec(said)?.[1]);
    };

    it('offers the folders every program looks for, with their use', async () => {
      const talk = await openSession();
      const list = await imap(talk, 'LIST (SPECIAL-USE) "" "*"');
      for (const use of ['Drafts', 'Junk', 'Sent', 'Trash', 'Archive'])
        expect(list).toMatch(new RegExp(`\\\\${use}\\b.* "?${use}"?`));
      const capabilities = await imap(talk, 'CAPABILITY');
      for (const name of ['CONDSTORE', 'QRESYNC', 'IDLE', 'MOVE', 'SPECIAL-USE', 'UIDPLUS', 'QUOTA'])
        expect(capabilities).toContain(name);
      talk.close();
    });

    it('tells what changed and what vanished since a known state (CONDSTORE, QRESYNC)', async () => {
      const talk = await openSession();
      const uids = [
        await put(talk, 'Archive', 'one'),
        await put(talk, 'Archive', 'two'),
        await put(talk, 'Archive', 'three'),
      ];
      await imap(talk, 'ENABLE QRESYNC');
      const selected = await imap(talk, 'SELECT Archive');
      const validity = /UIDVALIDITY (\d+)/.exec(selected)?.[1] ?? '';
      const state = /HIGHESTMODSEQ (\d+)/.exec(selected)?.[1] ?? '';
      await imap(talk, 'UNSELECT');
      const other = await openSession();
      await imap(other, 'SELECT Archive');
      await imap(other, `UID STORE ${uids[0]} +FLAGS (\\Flagged)`);
      await imap(other, `UID STORE ${uids[1]} +FLAGS (\\Deleted)`);
      await imap(other, 'EXPUNGE');
      const resynced = await imap(talk, `SELECT Archive (QRESYNC (${validity} ${state}))`);
      expect(resynced).toMatch(new RegExp(`\\* VANISHED \\(EARLIER\\) ${uids[1]}\\r`));
      expect(resynced).toMatch(new RegExp(`FETCH \\(UID ${uids[0]} FLAGS \\(.*\\\\Flagged`));
      expect(resynced).not.toContain(`UID ${uids[2]} `);
      talk.close();
      other.close();
    });

    it('tells a waiting program of new mail at once (IDLE)', async () => {
      const talk = await openSession();
      await imap(talk, 'SELECT INBOX');
      await talk.ask('i IDLE', /^\+/);
      await arrive(world(), { to: mailbox.address });
      const startedAt = performance.now();
      await talk.read(/^\* \d+ EXISTS/);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      await talk.ask('DONE', /^i OK/);
      talk.close();
    });

    it('moves a message in one step (MOVE)', async () => {
      const talk = await openSession();
      const uid = await put(talk, 'Sent', 'to be moved');
      await imap(talk, 'SELECT Sent');
      expect(await imap(talk, `UID MOVE ${uid} Trash`)).toMatch(/COPYUID \d+ \d+ \d+[^]*EXPUNGE/);
      talk.close();
    });

    it('searches a folder of messages by words within them, by its index', async () => {
      const talk = await openSession();
      await imap(talk, 'CREATE Library');
      for (let count = 0; count < 200; count += 1)
        await put(talk, 'Library', `chapter ${count} of the long story`);
      await put(talk, 'Library', 'a word like quetzalcoatl is rare');
      await imap(talk, 'SELECT Library');
      expect(await imap(talk, 'SEARCH TEXT quetzalcoatl')).toMatch(/SEARCH 201\r/);
      const startedAt = performance.now();
      expect(await imap(talk, 'SEARCH TEXT quetzalco')).toMatch(/SEARCH 201\r/);
      const tookMs = performance.now() - startedAt;
      figure(`search in 201 messages: ${tookMs.toFixed(0)} ms`);
      expect(tookMs).toBeLessThan(500);
      talk.close();
    });
  });
};

/** Last of all: it takes the store down, and each port for submission notices only with its next sign-in. */
export const provesPop3 = (world: () => World): void => {
  describe('reading by POP3', () => {
    it('keeps the name of each message when others leave and after a restart', async () => {
      const mailbox = await world().open('popper');
      for (const _ of [1, 2, 3]) {
        const { id } = await eventually(async () => {
          const tried = await arrive(world(), { to: mailbox.address });
          return tried.reply.startsWith('250') ? tried : null;
        });
        await arrivesIn(world(), mailbox, id);
      }
      const before = await listNames(world(), mailbox);
      expect(new Set(before).size).toBe(3);
      const talk = await enter(world(), 'imaps', loginOf(mailbox));
      await imap(talk, 'SELECT INBOX');
      await imap(talk, 'MOVE 1 Archive');
      talk.close();
      expect(await listNames(world(), mailbox)).toEqual(before.slice(1));
      const store = world().house.stack.service('dovecot');
      await store.kill();
      await store.start();
      expect(await eventually(() => listNames(world(), mailbox))).toEqual(before.slice(1));
    });
  });
};

const listNames = async (world: World, mailbox: TestMailbox): Promise<string[]> => {
  const talk = await enter(world, 'pop3s', loginOf(mailbox));
  const list = await talk.ask('UIDL', /^\.$/);
  await talk.ask('QUIT', /^\+OK/);
  talk.close();
  return [...list.matchAll(/^\d+ (\S+)/gm)].map(([, name]) => name ?? '');
};
