import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailboxClosingService } from '../../src/mailboxes/lifecycle/mailbox-closing.service.js';
import { mailboxFilled, type MailboxFilled } from '../../src/mailboxes/mailboxes.events.js';
import type { MailboxView } from '../../src/mailboxes/mailboxes.schemas.js';
import { MailboxesService } from '../../src/mailboxes/mailboxes.service.js';
import { QuotaWarningsService } from '../../src/mailboxes/quotas/quota-warnings.service.js';
import { NoticesSender } from '../../src/notices/notices.sender.js';
import { Listeners } from '../../src/platform/events/listeners.js';
import { FakeNotices } from '../contracts/fake-notices.js';
import { type Rooms, startRooms } from './harness.js';
import { measure, type Office, openOffice, verifyDomain } from './offices.js';
import { openSeller, type Seller } from './sellers.js';

const MB = 1_000_000;

let rooms: Rooms;
let seller: Seller;
let office: Office;
const notices = new FakeNotices();

beforeAll(async () => {
  rooms = await startRooms([{ token: NoticesSender, value: notices }]);
  seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 30);
});
afterAll(() => rooms.stop());
beforeEach(() => {
  notices.sent.length = 0;
  notices.accept();
});

const sweep = () => rooms.get(QuotaWarningsService).judgeAll();

/** Reported by the engine, then seen by the sweep. */
const fill = async (mailbox: MailboxView, percent: number): Promise<void> => {
  await measure(rooms, mailbox, percent * MB);
  await sweep();
};

const openSmall = (name: string): Promise<MailboxView> => office.open(name, { quotaBytes: 100 * MB });

const told = async ({ id }: MailboxView): Promise<MailboxFilled[]> => {
  const rows = await rooms.sql<{ payload: MailboxFilled }>(
    `select payload from outbox where name = 'mailbox.filled' and payload ->> 'mailboxId' = $1 order by id`,
    [id],
  );
  return rows.map(({ payload }) => payload);
};
const percentsTold = async (mailbox: MailboxView) => (await told(mailbox)).map(({ percent }) => percent);

const warned = async ({ id }: MailboxView): Promise<number | undefined> => {
  const [row] = await rooms.sql<{ warned_percent: number }>(
    'select warned_percent from mailbox_usage where mailbox_id = $1',
    [id],
  );
  return row?.warned_percent;
};

/** Until so many transactions wait for a row of the usage table. */
const untilWaiting = async (count: number): Promise<void> => {
  const waiting = `select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%mailbox_usage%'`;
  await expect
    .poll(async () => (await rooms.sql<{ count: number }>(waiting))[0]?.count, { timeout: 10_000 })
    .toBe(count);
};

/** As the worker does: every listener, in the scope it asks for. Answers how many failed. */
const deliver = async (payload: MailboxFilled): Promise<number> => {
  const listeners = rooms.get(Listeners);
  let failed = 0;
  for (const name of listeners.namesFor(mailboxFilled.name)) {
    const listener = listeners.find(name);
    if (!listener) throw new Error(name);
    const scope = listener.as === 'reseller' ? seller.scope : office.scope;
    await rooms.as(scope, () => listener.react(payload)).catch(() => (failed += 1));
  }
  return failed;
};

const deliverAll = async (mailbox: MailboxView): Promise<void> => {
  for (const payload of await told(mailbox)) await deliver(payload);
};

describe('a mailbox that fills up', () => {
  it('is told of at 80, 90, 95 and 100 percent, once each', async () => {
    const mailbox = await openSmall('steps');
    for (const percent of [79, 80, 85, 90, 94, 95, 99, 100, 120]) await fill(mailbox, percent);
    expect(await percentsTold(mailbox)).toEqual([80, 90, 95, 100]);
  });

  it('is told of once when it leaps over several', async () => {
    const mailbox = await openSmall('leap');
    await fill(mailbox, 97);
    expect(await percentsTold(mailbox)).toEqual([95]);
  });

  it('loses its mark without a word when space is freed, and is told of again when it fills again', async () => {
    const mailbox = await openSmall('down');
    await fill(mailbox, 96);
    await fill(mailbox, 82);
    expect([await warned(mailbox), await percentsTold(mailbox)]).toEqual([80, [95]]);
    await fill(mailbox, 10);
    expect([await warned(mailbox), await percentsTold(mailbox)]).toEqual([0, [95]]);
    await fill(mailbox, 91);
    expect([await warned(mailbox), await percentsTold(mailbox)]).toEqual([90, [95, 90]]);
  });

  it('is told of after its quota was lowered, without new mail', async () => {
    const mailbox = await openSmall('lowered');
    await fill(mailbox, 50);
    await office.in(() => rooms.get(MailboxesService).change(mailbox.id, { quotaBytes: 55 * MB }));
    await sweep();
    expect([await warned(mailbox), await percentsTold(mailbox)]).toEqual([90, [90]]);
  });

  it('is told of once by two sweeps at once', async () => {
    const mailbox = await openSmall('race');
    await measure(rooms, mailbox, 90 * MB);
    // Held back until both have come to the same row.
    const gate = new pg.Client({ connectionString: rooms.urls.admin });
    await gate.connect();
    await gate.query('begin');
    await gate.query('select 1 from mailbox_usage where mailbox_id = $1 for update', [mailbox.id]);
    const sweeps = Promise.all([sweep(), sweep()]);
    await untilWaiting(2);
    await gate.query('commit');
    await gate.end();
    await sweeps;
    expect(await percentsTold(mailbox)).toEqual([90]);
  });

  it('is not told of while closed', async () => {
    const mailbox = await openSmall('closed');
    await measure(rooms, mailbox, 90 * MB);
    await office.in(() => rooms.get(MailboxClosingService).close(mailbox.id));
    await sweep();
    expect(await percentsTold(mailbox)).toEqual([]);
  });
});

describe('the letter about it', () => {
  it('goes to the mailbox alone below 100 percent, in the name of the brand', async () => {
    const mailbox = await openSmall('ana');
    await fill(mailbox, 90);
    await deliverAll(mailbox);
    expect(notices.sent).toHaveLength(1);
    const [letter] = notices.sent;
    expect(letter?.to).toEqual({ name: 'The ana', address: mailbox.address });
    expect(letter?.from.name).toMatch(/^isp-/);
    expect(letter?.from.address).toBe(`postmaster@${mailbox.address.split('@')[1]}`);
    expect(letter?.replyTo.address).toMatch(/^support@isp-/);
    expect(letter?.subject).toBe(`Your mailbox ${mailbox.address} is 90 % full`);
    expect(`${letter?.text}${letter?.html}${letter?.messageId}`).not.toMatch(/livery/i);
  });

  it('goes to the contact of the account as well at 100 percent', async () => {
    const mailbox = await openSmall('bo');
    await fill(mailbox, 100);
    await deliverAll(mailbox);
    const readers = notices.sent.map(({ to }) => to.address);
    expect(readers.toSorted()).toEqual([mailbox.address, 'owner@elsewhere.example'].toSorted());
  });

  it('has one id per rise and reader, however often it is sent', async () => {
    const mailbox = await openSmall('cy');
    await fill(mailbox, 100);
    await deliverAll(mailbox);
    await deliverAll(mailbox);
    expect(notices.sent).toHaveLength(4);
    expect(new Set(notices.sent.map(({ messageId }) => messageId)).size).toBe(2);
    await fill(mailbox, 10);
    await fill(mailbox, 100);
    notices.sent.length = 0;
    await deliverAll(mailbox);
    // Two events by now, and each of both reaches both readers, since the mailbox is full again.
    expect(new Set(notices.sent.map(({ messageId }) => messageId)).size).toBe(4);
  });

  it('reaches the one reader when the other cannot be reached, and fails for that one', async () => {
    const mailbox = await openSmall('di');
    await fill(mailbox, 100);
    const [filled] = await told(mailbox);
    notices.refuse(mailbox.address);
    expect(await deliver(filled!)).toBe(1);
    expect(notices.sent.map(({ to }) => to.address)).toEqual(['owner@elsewhere.example']);
  });

  it('is not sent when space was freed before, or the mailbox was closed', async () => {
    const [freed, closed] = [await openSmall('ed'), await openSmall('flo')];
    await fill(freed, 100);
    await fill(closed, 100);
    await fill(freed, 10);
    await office.in(() => rooms.get(MailboxClosingService).close(closed.id));
    await deliverAll(freed);
    await deliverAll(closed);
    expect(notices.sent).toEqual([]);
  });

  it('comes from the brand’s own mail domain once that is verified', async () => {
    const mailbox = await openSmall('gil');
    await fill(mailbox, 80);
    await verifyDomain(rooms, seller, null, 'claimed.isp.example', 'claimed');
    await deliverAll(mailbox);
    await verifyDomain(rooms, seller, null, 'hello.isp.example');
    await deliverAll(mailbox);
    const [before, after] = notices.sent;
    expect(before?.from.address).toBe(`postmaster@${mailbox.address.split('@')[1]}`);
    expect(before?.replyTo.address).toMatch(/^support@isp-[0-9a-f]+\.example$/);
    expect(after?.from.address).toBe('support@hello.isp.example');
    expect(after?.messageId).toMatch(/@hello\.isp\.example$/);
    expect(after?.replyTo).toEqual(before?.replyTo);
    const supportDomain = before?.replyTo.address.split('@')[1] ?? '';
    await verifyDomain(rooms, seller, null, supportDomain);
    await deliverAll(mailbox);
    expect(notices.sent.at(-1)?.from).toEqual(before?.replyTo);
  });
});
