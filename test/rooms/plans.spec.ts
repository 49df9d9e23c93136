import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { PlansService } from '../../src/plans/plans.service.js';
import { type Rooms, startRooms } from './harness.js';
import { CONTENT, openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let plans: PlansService;
let mine: Seller;
let other: Seller;

beforeAll(async () => {
  rooms = await startRooms();
  plans = rooms.get(PlansService);
  mine = await openSeller(rooms);
  other = await openSeller(rooms);
});
afterAll(() => rooms.stop());

describe('a plan', () => {
  it('gets a new version when its content changes, and keeps the former one', async () => {
    const before = await rooms.as(mine.scope, () => plans.requireCurrentVersion(mine.planId));
    const content = { ...CONTENT, quotaBytes: 50_000_000_000, protocols: ['imap' as const] };
    const changed = await rooms.as(mine.scope, () => plans.addVersion(mine.planId, content));
    expect(changed.current).toMatchObject({ number: before.number + 1, ...content });
    expect(await rooms.as(mine.scope, () => plans.requireVersion(before.id))).toEqual(before);
    expect(await rooms.as(mine.scope, () => plans.requireCurrentVersion(mine.planId))).toEqual(
      changed.current,
    );
  });

  it('numbers versions made at once one after the other', async () => {
    const plan = await rooms.as(mine.scope, () => plans.create({ name: 'Busy', ...CONTENT }));
    await Promise.all(
      Array.from({ length: 10 }, () => rooms.as(mine.scope, () => plans.addVersion(plan.id, CONTENT))),
    );
    const current = await rooms.as(mine.scope, () => plans.requireCurrentVersion(plan.id));
    expect(current.number).toBe(11);
  });

  it('gives 409 for a name that the reseller has given already, and lets others use it', async () => {
    const named = (seller: Seller) =>
      rooms.as(seller.scope, () => plans.create({ name: 'Gold', ...CONTENT }));
    await named(mine);
    await expect(named(mine)).rejects.toMatchObject({ status: 409, code: 'plan.name-taken' });
    await expect(named(other)).resolves.toMatchObject({ name: 'Gold' });
  });

  it('is listed with its current version, page by page', async () => {
    const first = await rooms.as(other.scope, () => plans.list({ limit: 1 }));
    const rest = await rooms.as(other.scope, () => plans.list({ limit: 50, after: first.next ?? '' }));
    const names = [...first.items, ...rest.items].map((plan) => `${plan.name} ${plan.current.number}`);
    expect(names).toEqual(['Office 1', 'Gold 1']);
  });

  it('has final versions: the database refuses to change one', async () => {
    const { id } = await rooms.as(mine.scope, () => plans.requireCurrentVersion(mine.planId));
    const changed = rooms.as({ kind: 'operator' }, () =>
      rooms
        .get(TenantDb)
        .transaction((db) => db.query('update plan_version set quota_bytes = 1 where id = $1', [id])),
    );
    await expect(changed).rejects.toThrow(/permission denied|append-only/);
  });

  it('can be read from the scope of a tenant, and not changed', async () => {
    const tenant = await openTenant(rooms, mine);
    await expect(rooms.as(tenant, () => plans.requireCurrentVersion(mine.planId))).resolves.toMatchObject({
      planId: mine.planId,
    });
    await expect(rooms.as(tenant, () => plans.addVersion(mine.planId, CONTENT))).rejects.toThrow(
      /permission denied/,
    );
  });

  it('of another reseller answers like a missing one, also to a tenant', async () => {
    const missing = { status: 404, code: 'request.not-found' };
    const version = await rooms.as(other.scope, () => plans.requireCurrentVersion(other.planId));
    for (const scope of [mine.scope, await openTenant(rooms, mine)]) {
      await expect(rooms.as(scope, () => plans.requireCurrentVersion(other.planId))).rejects.toMatchObject(
        missing,
      );
      await expect(rooms.as(scope, () => plans.requireVersion(version.id))).rejects.toMatchObject(missing);
    }
    await expect(rooms.as(mine.scope, () => plans.addVersion(other.planId, CONTENT))).rejects.toMatchObject(
      missing,
    );
  });
});
