import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import type { Scope } from '../../src/platform/tenancy/scope.js';
import { PlansService } from '../../src/plans/plans.service.js';
import { SeatsService } from '../../src/seats/seats.service.js';
import { TenantOpeningService } from '../../src/seats/tenant-opening.service.js';
import { type Rooms, startRooms } from './harness.js';
import { CONTENT, openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let seats: SeatsService;
let mine: Seller;
let other: Seller;
const missing = { status: 404, code: 'request.not-found' };
type TenantScope = Extract<Scope, { kind: 'tenant' }>;

beforeAll(async () => {
  rooms = await startRooms();
  seats = rooms.get(SeatsService);
  mine = await openSeller(rooms);
  other = await openSeller(rooms);
});
afterAll(() => rooms.stop());

const command = (type = 'mailbox.open') => ({ type, id: randomUUID() });
const assign = (scope: TenantScope, cause = command()) =>
  rooms.as(scope, () => seats.assign(mine.planId, cause));
const grant = (scope: TenantScope, purchased: number, cause = command('seats.grant')) =>
  rooms.as(mine.scope, () => seats.grant(scope.tenantId, { planId: mine.planId, purchased }, cause));
const summary = async (scope: TenantScope) => (await rooms.as(scope, () => seats.summary())).items;

/** The counters, and what the ledger adds up to. */
const replay = ({ tenantId }: TenantScope) =>
  rooms.sql(
    `select p.purchased, p.assigned,
       sum(l.delta) filter (where l.kind = 'grant')::integer as granted,
       coalesce(sum(l.delta) filter (where l.kind <> 'grant'), 0)::integer as moved, count(*)::integer as lines
     from seat_pool p join seat_ledger l on l.pool_id = p.id where p.tenant_id = $1
     group by p.id`,
    [tenantId],
  );

describe('assigning a seat', () => {
  it('leaves exactly 50 of 50 seats in use after 200 commands at once, and a ledger that adds up', async () => {
    const scope = await openTenant(rooms, mine, 50);
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => assign(scope)));
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown);
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(50);
    expect(refused.every((one) => (one as { code?: string }).code === 'seats.none-free')).toBe(true);
    expect(await summary(scope)).toMatchObject([{ purchased: 50, used: 50, free: 0, planName: 'Office' }]);
    expect(await replay(scope)).toEqual([{ purchased: 50, assigned: 50, granted: 50, moved: 50, lines: 51 }]);
  });

  it('gives 409 with a sentence that says what to do when no seat is free', async () => {
    const scope = await openTenant(rooms, mine, 1);
    await assign(scope);
    await expect(assign(scope)).rejects.toMatchObject({
      status: 409,
      code: 'seats.none-free',
      message: 'All seats of this plan are in use. Buy another seat or free one.',
    });
  });

  it('gives 409 for a plan of which the tenant has no seats, known or not', async () => {
    const scope = await openTenant(rooms, mine);
    for (const planId of [mine.planId, other.planId, randomUUID()])
      await expect(rooms.as(scope, () => seats.assign(planId, command()))).rejects.toMatchObject({
        code: 'seats.none-free',
      });
  });

  it('moves one seat for a command repeated, also at once and with no other seat free', async () => {
    const scope = await openTenant(rooms, mine, 1);
    const cause = command();
    await Promise.all(Array.from({ length: 10 }, () => assign(scope, cause)));
    expect(await assign(scope, cause)).toMatchObject({ purchased: 1, used: 1, free: 0 });
    expect(await replay(scope)).toEqual([{ purchased: 1, assigned: 1, granted: 1, moved: 1, lines: 2 }]);
  });

  it('is undone with the transaction it belongs to', async () => {
    const scope = await openTenant(rooms, mine, 1);
    const failing = rooms.as(scope, () =>
      rooms.get(TenantDb).transaction(async () => {
        await seats.assign(mine.planId, command());
        throw new Error('the mailbox could not be opened');
      }),
    );
    await expect(failing).rejects.toThrow('could not be opened');
    expect(await replay(scope)).toMatchObject([{ assigned: 0, moved: 0, lines: 1 }]);
  });
});

describe('releasing a seat', () => {
  it('frees it once however often the command is repeated', async () => {
    const scope = await openTenant(rooms, mine, 2);
    const { poolId } = await assign(scope);
    await assign(scope);
    const cause = command('mailbox.close');
    const release = () => rooms.as(scope, () => seats.release(poolId, cause));
    await Promise.all([release(), release(), release()]);
    expect(await summary(scope)).toMatchObject([{ purchased: 2, used: 1, free: 1 }]);
    expect(await replay(scope)).toEqual([{ purchased: 2, assigned: 1, granted: 2, moved: 1, lines: 4 }]);
  });

  it('gives 404 for the pool of a sibling', async () => {
    const { poolId } = await assign(await openTenant(rooms, mine, 1));
    const scope = await openTenant(rooms, mine, 1);
    await expect(
      rooms.as(scope, () => seats.release(poolId, command('mailbox.close'))),
    ).rejects.toMatchObject(missing);
  });
});

describe('granting seats', () => {
  it('sets the number bought and writes the difference', async () => {
    const scope = await openTenant(rooms, mine, 5);
    await grant(scope, 8);
    await grant(scope, 3);
    await grant(scope, 3);
    expect(await replay(scope)).toEqual([{ purchased: 3, assigned: 0, granted: 3, moved: 0, lines: 3 }]);
  });

  it('does not repeat a command that was overtaken by another', async () => {
    const scope = await openTenant(rooms, mine);
    const first = command('seats.grant');
    await grant(scope, 4, first);
    await grant(scope, 9);
    expect(await grant(scope, 4, first)).toMatchObject({ purchased: 9 });
  });

  it('gives 409 below the seats in use, and says how many those are', async () => {
    const scope = await openTenant(rooms, mine, 3);
    await assign(scope);
    await assign(scope);
    await expect(grant(scope, 1)).rejects.toMatchObject({
      status: 409,
      message: '2 seats of this plan are in use. Free some of them first, or keep at least 2.',
    });
    await expect(grant(scope, 2)).resolves.toMatchObject({ purchased: 2, used: 2, free: 0 });
  });

  it('never takes away a seat that is being assigned at the same time', async () => {
    const scope = await openTenant(rooms, mine, 1);
    const [taken, lowered] = await Promise.allSettled([assign(scope), grant(scope, 0)]);
    expect([taken?.status, lowered?.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const [row] = (await replay(scope)) as { purchased: number; assigned: number; moved: number }[];
    expect(row?.assigned).toBe(row?.purchased);
    expect(row?.moved).toBe(row?.assigned);
  });

  it('makes one pool when the first two grants of a plan come at once', async () => {
    const scope = await openTenant(rooms, mine);
    await Promise.all([grant(scope, 2), grant(scope, 2)]);
    expect(await replay(scope)).toEqual([{ purchased: 2, assigned: 0, granted: 2, moved: 0, lines: 1 }]);
  });

  it('is not for a tenant: the database refuses to raise what was bought', async () => {
    const scope = await openTenant(rooms, mine, 1);
    const inTenant = (text: string, values: readonly unknown[]) =>
      rooms.as(scope, () => rooms.get(TenantDb).transaction((db) => db.query(text, [...values])));
    await expect(
      rooms.as(scope, () =>
        seats.grant(scope.tenantId, { planId: mine.planId, purchased: 9 }, command('seats.grant')),
      ),
    ).rejects.toThrow(/permission denied/);
    await expect(
      inTenant('update seat_pool set purchased = 9 where tenant_id = $1', [scope.tenantId]),
    ).rejects.toThrow(/permission denied/);
    await expect(inTenant('delete from seat_ledger where tenant_id = $1', [scope.tenantId])).rejects.toThrow(
      /permission denied/,
    );
    expect(await summary(scope)).toMatchObject([{ purchased: 1 }]);
  });

  it('gives 404 for a tenant or a plan of another reseller', async () => {
    const own = await openTenant(rooms, mine);
    const foreign = await openTenant(rooms, other);
    const attempt = (tenantId: string, planId: string) =>
      rooms.as(mine.scope, () => seats.grant(tenantId, { planId, purchased: 1 }, command('seats.grant')));
    await expect(attempt(foreign.tenantId, mine.planId)).rejects.toMatchObject(missing);
    await expect(attempt(own.tenantId, other.planId)).rejects.toMatchObject(missing);
  });
});

describe('opening a tenant with seats', () => {
  it('grants seats of several plans at once', async () => {
    const large = await rooms.as(mine.scope, () =>
      rooms.get(PlansService).create({ name: 'Large', ...CONTENT }),
    );
    const planIds = [mine.planId, large.id];
    const tenant = await rooms.as(mine.scope, () =>
      rooms.get(TenantOpeningService).open({
        name: 'Harbour',
        contactEmail: 'a@b.example',
        brandId: mine.brandId,
        seats: planIds.map((planId) => ({ planId, count: 4 })),
      }),
    );
    const scope = { kind: 'tenant', resellerId: mine.scope.resellerId, tenantId: tenant.id } as const;
    expect((await summary(scope)).map(({ planId, free }) => [planId, free])).toEqual(
      planIds.map((planId) => [planId, 4]),
    );
  });

  it('opens nothing when one of the plans is unknown', async () => {
    const opened = rooms.as(mine.scope, () =>
      rooms.get(TenantOpeningService).open({
        name: 'Nobody',
        contactEmail: 'a@b.example',
        brandId: mine.brandId,
        seats: [{ planId: other.planId, count: 1 }],
      }),
    );
    await expect(opened).rejects.toMatchObject(missing);
    expect(await rooms.sql(`select 1 from tenant where name = 'Nobody'`)).toEqual([]);
  });
});
