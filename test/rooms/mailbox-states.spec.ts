import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailboxClosingService } from '../../src/mailboxes/lifecycle/mailbox-closing.service.js';
import { MailboxOpeningService } from '../../src/mailboxes/lifecycle/mailbox-opening.service.js';
import { MailboxPurgeSweep } from '../../src/mailboxes/lifecycle/mailbox-purge.sweep.js';
import { MailboxSwitchesService } from '../../src/mailboxes/mailbox-switches.service.js';
import { MailboxesService } from '../../src/mailboxes/mailboxes.service.js';
import { RestrictionsService } from '../../src/tenants/restrictions.service.js';
import { type Rooms, startRooms } from './harness.js';
import { measure, type Office, openOffice } from './offices.js';
import { openSeller, type Seller } from './sellers.js';

const DAY_MS = 24 * 3_600_000;
const missing = { status: 404, code: 'request.not-found' };

let rooms: Rooms;
let seller: Seller;
let office: Office;
let mailboxes: MailboxesService;
let switches: MailboxSwitchesService;

beforeAll(async () => {
  rooms = await startRooms();
  seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 40);
  mailboxes = rooms.get(MailboxesService);
  switches = rooms.get(MailboxSwitchesService);
});
afterAll(() => rooms.stop());

const read = (id: string) => office.in(() => mailboxes.read(id));

describe('suspending and restoring', () => {
  it('stops sign-in and sending while mail keeps coming in, until restored', async () => {
    const { id } = await office.open('ana');
    const suspended = await office.in(() => switches.suspend(id, { reason: 'on leave' }));
    expect(suspended).toMatchObject({ maySend: false, maySignIn: false, mayReceive: true });
    expect((await read(id)).switches).toEqual(suspended);
    expect(suspended.restrictions).toMatchObject([{ level: 'mailbox', cause: 'owner', reason: 'on leave' }]);
    const restored = await office.in(() => switches.lift(id));
    expect(restored).toEqual({ maySend: true, maySignIn: true, mayReceive: true, restrictions: [] });
  });

  it('keeps its seat meanwhile', async () => {
    const { id } = await office.open('seated');
    await office.in(() => switches.suspend(id, { reason: 'on leave' }));
    const [row] = await rooms.sql<{ pool_id: string | null }>('select pool_id from mailbox where id = $1', [
      id,
    ]);
    expect(row?.pool_id).not.toBeNull();
  });

  it('replaces what the owner stopped before, and is safe to repeat', async () => {
    const { id } = await office.open('bo');
    const receiving = { sending: false, signIn: false, receiving: true };
    await office.in(() => switches.suspend(id, { reason: 'one' }));
    await office.in(() => switches.place(id, { stops: receiving, reason: 'two' }));
    await office.in(() => switches.place(id, { stops: receiving, reason: 'two' }));
    expect((await read(id)).switches).toMatchObject({
      maySend: true,
      maySignIn: true,
      mayReceive: false,
      restrictions: [{ reason: 'two' }],
    });
  });

  it('does not lift what the provider placed, and shows the strictest of all levels', async () => {
    const { id } = await office.open('cy');
    const restrictions = rooms.get(RestrictionsService);
    const stops = { sending: true, signIn: false, receiving: false };
    await rooms.as(seller.scope, () =>
      restrictions.place({ level: 'mailbox', subjectId: id, cause: 'abuse', stops, reason: 'bulk mail' }),
    );
    const { tenantId } = office.scope;
    await rooms.as(seller.scope, () =>
      restrictions.place({
        level: 'tenant',
        subjectId: tenantId,
        cause: 'payment',
        reason: 'unpaid',
        stops: { sending: false, signIn: true, receiving: false },
      }),
    );
    await office.in(() => switches.lift(id));
    const { maySend, maySignIn, mayReceive, restrictions: inForce } = (await read(id)).switches;
    expect({ maySend, maySignIn, mayReceive }).toEqual({
      maySend: false,
      maySignIn: false,
      mayReceive: true,
    });
    expect(inForce.map(({ level, cause }) => `${level} ${cause}`)).toEqual([
      'tenant payment',
      'mailbox abuse',
    ]);
    await rooms.as(seller.scope, () => restrictions.lift({ subjectId: tenantId, cause: 'payment' }));
  });

  it('gives 404 on the mailbox of another account and 409 on a closed one', async () => {
    const other = await openOffice(rooms, seller, 1);
    const theirs = await other.open('ana');
    await expect(office.in(() => switches.suspend(theirs.id, { reason: 'x' }))).rejects.toMatchObject(
      missing,
    );
    const { id } = await office.open('gone');
    await office.in(() => rooms.get(MailboxClosingService).close(id));
    await expect(office.in(() => switches.suspend(id, { reason: 'x' }))).rejects.toMatchObject({
      code: 'mailbox.closed',
    });
  });
});

describe('reading a mailbox', () => {
  it('shows use, last sign-in per service and switches', async () => {
    const mailbox = await office.open('reader', { quotaBytes: 1_000_000_000 });
    expect((await read(mailbox.id)).usage).toEqual({ bytes: 0, messages: 0, percent: 0, reportedAt: null });
    await measure(rooms, mailbox, 855_000_000);
    await rooms.sql('select directory.report_sign_ins($1)', [
      JSON.stringify([
        { address: mailbox.address, service: 'imap', at: 1_790_000_000 },
        { address: mailbox.address, service: 'smtp', at: 1_790_000_100 },
      ]),
    ]);
    const { usage, lastSignIns } = await read(mailbox.id);
    expect(usage).toMatchObject({ bytes: 855_000_000, messages: 1, percent: 85 });
    expect(lastSignIns).toEqual([
      { service: 'imap', at: new Date(1_790_000_000_000).toISOString() },
      { service: 'smtp', at: new Date(1_790_000_100_000).toISOString() },
    ]);
  });

  it('gives 404 on the mailbox of another account, as on one that never was', async () => {
    const theirs = await (await openOffice(rooms, seller, 1)).open('ana');
    await expect(read(theirs.id)).rejects.toMatchObject(missing);
    await expect(read('01920000-0000-7000-8000-000000000000')).rejects.toMatchObject(missing);
  });
});

describe('listing mailboxes', () => {
  it('pages by address, each once, within the account', async () => {
    const small = await openOffice(rooms, seller, 5);
    for (const name of ['e', 'b', 'd', 'a', 'c']) await small.open(name);
    const names: string[] = [];
    let after: string | undefined;
    do {
      const marker = after === undefined ? {} : { after };
      const page = await small.in(() => mailboxes.list({ limit: 2, ...marker }));
      names.push(...page.items.map(({ address }) => address.charAt(0)));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('filters by domain and state, and shows purged ones only when asked', async () => {
    const small = await openOffice(rooms, seller, 3);
    const [a, b] = [await small.open('a'), await small.open('b'), await small.open('c')];
    await small.in(() => rooms.get(MailboxClosingService).close(b.id));
    await rooms.sql(`update mailbox set state = 'purged' where id = $1`, [a.id]);
    const list = async (wish: object) => {
      const page = await small.in(() => mailboxes.list({ limit: 10, ...wish }));
      return page.items.map(({ address }) => address.charAt(0)).join('');
    };
    expect(await list({})).toBe('bc');
    expect(await list({ state: 'closed' })).toBe('b');
    expect(await list({ state: 'purged' })).toBe('a');
    expect(await list({ domainId: small.domainId, state: 'open' })).toBe('c');
    expect(await list({ domainId: office.domainId })).toBe('');
  });
});

describe('the purge', () => {
  it('waits for the whole time of an undo, then frees the addresses and removes the person', async () => {
    const small = await openOffice(rooms, seller, 1);
    const { id } = await small.open('ana');
    const closed = await small.in(() => rooms.get(MailboxClosingService).close(id));
    const sweep = rooms.get(MailboxPurgeSweep);
    const state = async () =>
      (await rooms.sql<{ state: string }>('select state from mailbox where id = $1', [id]))[0]?.state;

    rooms.clock.advance(Date.parse(closed.purgeAfter ?? '') - rooms.clock.now().getTime() - 60_000);
    await sweep.purgeAll();
    expect(await state()).toBe('closed');

    rooms.clock.advance(120_000);
    await expect(small.in(() => rooms.get(MailboxOpeningService).reopen(id))).rejects.toMatchObject({
      status: 409,
      code: 'mailbox.gone',
    });
    await sweep.purgeAll();
    await sweep.purgeAll();
    expect(await state()).toBe('purged');
    const left = await rooms.sql('select id from person where tenant_id = $1', [small.scope.tenantId]);
    expect(left).toEqual([]);
    const told = await rooms.sql(
      `select payload from outbox where name = 'mailbox.purged' and tenant_id = $1`,
      [small.scope.tenantId],
    );
    expect(told).toEqual([{ payload: { mailboxId: id } }]);

    const successor = await small.open('ana');
    expect(successor.id).not.toBe(id);
    await expect(small.in(() => rooms.get(MailboxOpeningService).reopen(id))).rejects.toMatchObject(missing);
    rooms.clock.advance(-30 * DAY_MS);
  });
});
