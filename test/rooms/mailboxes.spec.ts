import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPassword } from '#libs/secrets';
import { MailboxClosingService } from '../../src/mailboxes/lifecycle/mailbox-closing.service.js';
import { MailboxOpeningService } from '../../src/mailboxes/lifecycle/mailbox-opening.service.js';
import { MailboxPasswordService } from '../../src/mailboxes/mailbox-password.service.js';
import { MailboxesService } from '../../src/mailboxes/mailboxes.service.js';
import { SeatsService } from '../../src/seats/seats.service.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice, verifyDomain } from './offices.js';
import { openSeller, type Seller } from './sellers.js';

const GB = 1_000_000_000;
const missing = { status: 404, code: 'request.not-found' };

let rooms: Rooms;
let seller: Seller;
let office: Office;
let mailboxes: MailboxesService;

beforeAll(async () => {
  rooms = await startRooms();
  seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 40);
  mailboxes = rooms.get(MailboxesService);
});
afterAll(() => rooms.stop());

const close = (at: Office, mailboxId: string) =>
  at.in(() => rooms.get(MailboxClosingService).close(mailboxId));

const seatsOf = async (at: Office): Promise<{ used: number; ledger: number; mailboxes: number }> => {
  const [pool] = (await at.in(() => rooms.get(SeatsService).summary())).items;
  const [counted] = await rooms.sql<{ ledger: number; mailboxes: number }>(
    `select (select coalesce(sum(delta), 0)::integer from seat_ledger where tenant_id = $1 and kind <> 'grant') as ledger,
       (select count(*)::integer from mailbox where tenant_id = $1 and state = 'open' and pool_id is not null) as mailboxes`,
    [at.scope.tenantId],
  );
  return { used: pool?.used ?? 0, ledger: counted?.ledger ?? -1, mailboxes: counted?.mailboxes ?? -1 };
};

/** As many at once as there are connections to the database: more would only wait for one, and give up in the end. */
const allAtOnce = async <T>(works: (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> => {
  const outcomes: PromiseSettledResult<T>[] = [];
  const lanes = Array.from({ length: rooms.configuration.DATABASE_CONNECTIONS }, async () => {
    for (let work = works.shift(); work; work = works.shift())
      outcomes.push(...(await Promise.allSettled([work()])));
  });
  await Promise.all(lanes);
  return outcomes;
};

describe('opening a mailbox', () => {
  it('gives it a seat, its main address, a person and a home of its own', async () => {
    const before = await seatsOf(office);
    const opened = await office.open('Ana', { displayName: 'Ana Öberg' });
    expect(opened).toMatchObject({
      address: `ana@${office.domain}`,
      displayName: 'Ana Öberg',
      planId: seller.planId,
      quotaBytes: 5 * GB,
      quotaFrom: 'plan',
      state: 'open',
      closedAt: null,
    });
    expect((await seatsOf(office)).used).toBe(before.used + 1);
    const [row] = await rooms.sql(
      `select m.home, p.sign_in_name, p.display_name, a.kind, a.receives, a.sends from mailbox m
       join person p on p.id = m.person_id join address a on a.mailbox_id = m.id where m.id = $1`,
      [opened.id],
    );
    expect(row).toEqual({
      home: `${createHash('sha256').update(opened.id).digest('hex').slice(0, 2)}/${opened.id}`,
      sign_in_name: opened.address,
      display_name: 'Ana Öberg',
      kind: 'primary',
      receives: true,
      sends: true,
    });
  });

  it('leaves exactly 50 mailboxes, 50 seats in use and an equal ledger after 200 at once', async () => {
    const crowd = await openOffice(rooms, seller, 50);
    const outcomes = await allAtOnce(
      Array.from({ length: 200 }, (_, index) => () => crowd.open(`seat${index}`)),
    );
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as object);
    expect(refused).toHaveLength(150);
    for (const refusal of refused) expect(refusal).toMatchObject({ status: 409, code: 'seats.none-free' });
    expect(await seatsOf(crowd)).toEqual({ used: 50, ledger: 50, mailboxes: 50 });
    const left = await rooms.sql<{ count: number }>(
      `select count(*)::integer as count from person where tenant_id = $1
       union all select count(*)::integer from address where tenant_id = $1`,
      [crowd.scope.tenantId],
    );
    expect(left.map(({ count }) => count)).toEqual([50, 50]);
  });

  it('gives one of ten who want the same address at once, and nine a 409', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => office.open('same')));
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as object);
    expect(refused).toHaveLength(9);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ status: 409, code: 'mailbox.address-taken' });
  });

  it('answers an address that another account held with the same words as one of our own', async () => {
    const [first, second] = [await openOffice(rooms, seller, 1), await openOffice(rooms, seller, 1)];
    const held = await first.open('kim');
    const own = await second
      .open('kim')
      .then(
        () => second.open('kim'),
        () => null,
      )
      .catch((refusal: Error) => refusal.message);
    await close(first, held.id);
    await rooms.sql(`update domain set state = 'released' where id = $1`, [first.domainId]);
    const moved = await verifyDomain(rooms, seller, second.scope, first.domain);
    const refusal = await second.open('kim', { domainId: moved }).catch((thrown: Error) => thrown);
    expect(refusal).toMatchObject({ status: 409, code: 'mailbox.address-taken' });
    expect((refusal as Error).message.replace(first.domain, second.domain)).toBe(own);
  });

  it.each(['postmaster', 'abuse', 'hostmaster', 'mailer-daemon', 'Root', 'noreply'])(
    'refuses the reserved name %s',
    async (name) => {
      await expect(office.open(name)).rejects.toMatchObject({ status: 422, code: 'address.reserved' });
    },
  );

  it.each(['', 'a b', 'a+b', '.a', 'a..b', 'ä', 'a@b', 'x'.repeat(65)])(
    'refuses %j as a name',
    async (name) => {
      await expect(office.open(name)).rejects.toMatchObject({ status: 422, code: 'address.invalid' });
    },
  );

  it('gives 409 while the domain is unproven and 404 on the domain of another account', async () => {
    const claimed = await verifyDomain(rooms, seller, office.scope, 'unproven.example', 'claimed');
    const other = await openOffice(rooms, seller, 1);
    await expect(office.open('ana', { domainId: claimed })).rejects.toMatchObject({
      status: 409,
      code: 'domain.not-verified',
    });
    await expect(office.open('ana', { domainId: other.domainId })).rejects.toMatchObject(missing);
  });

  it('gives 404 for the plan of another seller', async () => {
    const { planId } = await openSeller(rooms);
    await expect(office.open('eve', { planId })).rejects.toMatchObject(missing);
  });

  it('takes back everything when the last step is refused', async () => {
    const empty = await openOffice(rooms, seller, 0);
    await expect(empty.open('ana')).rejects.toMatchObject({ code: 'seats.none-free' });
    const rows = await rooms.sql('select id from mailbox where tenant_id = $1', [empty.scope.tenantId]);
    expect(rows).toEqual([]);
  });
});

describe('a shared mailbox', () => {
  it('holds no seat and has no person', async () => {
    const before = await seatsOf(office);
    const shared = await office.open('desk', { kind: 'shared' });
    expect((await seatsOf(office)).used).toBe(before.used);
    const [row] = await rooms.sql('select person_id, pool_id from mailbox where id = $1', [shared.id]);
    expect(row).toEqual({ person_id: null, pool_id: null });
  });

  it('may be had five times with few seats, and two times per seat beyond, also when opened at once', async () => {
    for (const [seats, limit] of [
      [1, 5],
      [4, 8],
    ] as const) {
      const small = await openOffice(rooms, seller, seats);
      const wishes = Array.from({ length: 12 }, (_, index) => small.open(`desk${index}`, { kind: 'shared' }));
      const outcomes = await Promise.allSettled(wishes);
      expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(limit);
      await expect(small.open('more', { kind: 'shared' })).rejects.toMatchObject({
        status: 422,
        code: 'mailbox.too-many-shared',
      });
    }
  });

  it('is refused on a plan that the account has no seats of', async () => {
    const empty = await openOffice(rooms, seller, 0);
    await expect(empty.open('desk', { kind: 'shared' })).rejects.toMatchObject({
      code: 'mailbox.plan-not-held',
    });
  });
});

describe('closing and reopening', () => {
  it('frees the seat at once, keeps the address, and brings everything back', async () => {
    const small = await openOffice(rooms, seller, 1);
    const ana = await small.open('ana');
    const closed = await close(small, ana.id);
    expect(closed.state).toBe('closed');
    expect(Date.parse(closed.purgeAfter ?? '') - Date.parse(closed.closedAt ?? '')).toBe(30 * 24 * 3_600_000);
    expect(await seatsOf(small)).toEqual({ used: 0, ledger: 0, mailboxes: 0 });
    await expect(small.open('ana')).rejects.toMatchObject({ code: 'mailbox.address-taken' });
    const again = await small.in(() => rooms.get(MailboxOpeningService).reopen(ana.id));
    expect(again).toMatchObject({ id: ana.id, state: 'open', closedAt: null, purgeAfter: null });
    expect(await seatsOf(small)).toEqual({ used: 1, ledger: 1, mailboxes: 1 });
  });

  it('takes a closed one for closed and an open one for open', async () => {
    const ana = await office.open('twice');
    await expect(office.in(() => rooms.get(MailboxOpeningService).reopen(ana.id))).rejects.toMatchObject({
      code: 'mailbox.not-closed',
    });
    const both = await Promise.allSettled([close(office, ana.id), close(office, ana.id)]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    await expect(close(office, ana.id)).rejects.toMatchObject({ status: 409, code: 'mailbox.closed' });
  });

  it('gives the last seat to one of three who reopen at once', async () => {
    const small = await openOffice(rooms, seller, 3);
    const held = [await small.open('a'), await small.open('b'), await small.open('c')];
    for (const { id } of held) await close(small, id);
    await small.open('d');
    await small.open('e');
    const reopening = held.map(({ id }) => small.in(() => rooms.get(MailboxOpeningService).reopen(id)));
    const outcomes = await Promise.allSettled(reopening);
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as object);
    expect(refused).toHaveLength(2);
    for (const refusal of refused) expect(refusal).toMatchObject({ code: 'seats.none-free' });
    expect(await seatsOf(small)).toEqual({ used: 3, ledger: 3, mailboxes: 3 });
  });

  it('assigns one seat when the same mailbox is reopened twice at once', async () => {
    const small = await openOffice(rooms, seller, 2);
    const { id } = await small.open('ana');
    await close(small, id);
    const reopen = () => small.in(() => rooms.get(MailboxOpeningService).reopen(id));
    await Promise.allSettled([reopen(), reopen()]);
    expect(await seatsOf(small)).toEqual({ used: 1, ledger: 1, mailboxes: 1 });
  });

  it('is refused while the domain is given up', async () => {
    const small = await openOffice(rooms, seller, 1);
    const { id } = await small.open('ana');
    await close(small, id);
    await rooms.sql(`update domain set state = 'claimed' where id = $1`, [small.domainId]);
    await expect(small.in(() => rooms.get(MailboxOpeningService).reopen(id))).rejects.toMatchObject({
      code: 'domain.not-verified',
    });
  });
});

describe('the quota', () => {
  const TENANT = ['mailboxes:*'];
  const SELLER = [...TENANT, 'quotas:raise'];
  const ask = (id: string, quotaBytes: number | null, permissions: readonly string[]) =>
    office.in(() => mailboxes.change(id, { quotaBytes }), permissions);

  it('goes down and back up to what the plan gives, and then follows the plan again', async () => {
    const { id } = await office.open('low');
    expect(await ask(id, GB, TENANT)).toMatchObject({ quotaBytes: GB, quotaFrom: 'mailbox' });
    expect(await ask(id, 5 * GB, TENANT)).toMatchObject({ quotaBytes: 5 * GB, quotaFrom: 'plan' });
    expect(await ask(id, GB, TENANT)).toMatchObject({ quotaFrom: 'mailbox' });
    expect(await ask(id, null, TENANT)).toMatchObject({ quotaBytes: 5 * GB, quotaFrom: 'plan' });
  });

  it('does not go above the plan, and the sentence names who may allow it', async () => {
    const { id } = await office.open('high');
    const refusal = await ask(id, 6 * GB, TENANT).catch((thrown: Error) => thrown);
    expect(refusal).toMatchObject({ status: 422, code: 'mailbox.quota-above-plan' });
    expect((refusal as Error).message).toMatch(/“Office” .* 5 GB.* ask isp-[0-9a-f]+ for more/);
    expect(await office.in(() => mailboxes.require(id))).toMatchObject({ quotaBytes: 5 * GB });
  });

  it('goes above the plan for whoever sells it, and down from there for the account', async () => {
    const { id } = await office.open('raised');
    expect(await ask(id, 20 * GB, SELLER)).toMatchObject({ quotaBytes: 20 * GB });
    expect(await ask(id, 15 * GB, TENANT)).toMatchObject({ quotaBytes: 15 * GB });
    await expect(ask(id, 20 * GB, TENANT)).rejects.toMatchObject({ code: 'mailbox.quota-above-plan' });
  });

  it('is held by the same rule when a mailbox is opened', async () => {
    const opening = rooms.get(MailboxOpeningService);
    const wish = {
      domainId: office.domainId,
      displayName: 'x',
      planId: seller.planId,
      kind: 'person',
    } as const;
    await expect(
      office.in(() => opening.open({ ...wish, localPart: 'q1', quotaBytes: 6 * GB }), TENANT),
    ).rejects.toMatchObject({ code: 'mailbox.quota-above-plan' });
    expect(await office.open('q2', { quotaBytes: GB })).toMatchObject({ quotaBytes: GB });
  });
});

describe('the main password', () => {
  const set = (mailboxId: string, password: string) =>
    office.in(() => rooms.get(MailboxPasswordService).set(mailboxId, { password }));
  const hashOf = async (mailboxId: string): Promise<string | null> => {
    const [row] = await rooms.sql<{ password_hash: string | null }>(
      'select p.password_hash from mailbox m join person p on p.id = m.person_id where m.id = $1',
      [mailboxId],
    );
    return row?.password_hash ?? null;
  };

  it('is the person’s, given at opening or later, and kept as a hash', async () => {
    const { id } = await office.open('secret1', { password: 'first words here' });
    expect(await verifyPassword((await hashOf(id)) ?? '', 'first words here')).toBe(true);
    await set(id, 'other words here');
    expect(await verifyPassword((await hashOf(id)) ?? '', 'other words here')).toBe(true);
    expect(await hashOf((await office.open('secret2')).id)).toBeNull();
  });

  it('is never the address or its name', async () => {
    const { id, address } = await office.open('longer-name');
    for (const password of [address, address.toUpperCase(), 'longer-name'])
      await expect(set(id, password)).rejects.toMatchObject({
        status: 422,
        code: 'mailbox.password-is-address',
      });
    await expect(office.open('another-name', { password: 'another-name' })).rejects.toMatchObject({
      code: 'mailbox.password-is-address',
    });
  });

  it('is refused for shared and for closed mailboxes', async () => {
    const shared = await office.open('desk2', { kind: 'shared' });
    const closed = await office.open('left');
    await close(office, closed.id);
    await expect(set(shared.id, 'long enough words')).rejects.toMatchObject({
      code: 'mailbox.shared-has-no-password',
    });
    await expect(set(closed.id, 'long enough words')).rejects.toMatchObject({ code: 'mailbox.closed' });
  });
});
