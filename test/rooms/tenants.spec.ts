import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrandsService } from '../../src/brands/brands.service.js';
import type { RestrictionCause } from '../../src/tenants/restrictions.schemas.js';
import { RestrictionsService } from '../../src/tenants/restrictions.service.js';
import { TenantRestrictionsService } from '../../src/tenants/tenant-restrictions.service.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let tenants: TenantsService;
let restrictions: RestrictionsService;
let mine: Seller;
let other: Seller;
const missing = { status: 404, code: 'request.not-found' };

beforeAll(async () => {
  rooms = await startRooms();
  tenants = rooms.get(TenantsService);
  restrictions = rooms.get(RestrictionsService);
  mine = await openSeller(rooms);
  other = await openSeller(rooms);
});
afterAll(() => rooms.stop());

/** Rows of neighbours higher up, written past them: only their ids and owners matter here. */
const openDomain = async (tenantId: string | null, seller: Seller): Promise<string> => {
  const id = randomUUID();
  await rooms.sql(
    `insert into domain (id, reseller_id, tenant_id, brand_id, name, state, created_at, updated_at)
     values ($1, $2, $3, $4, $5, 'claimed', now(), now())`,
    [id, seller.scope.resellerId, tenantId, seller.brandId, `${id}.example`],
  );
  return id;
};

describe('a tenant', () => {
  it('is changed by itself, field by field', async () => {
    const scope = await openTenant(rooms, mine);
    const changed = await rooms.as(scope, () => tenants.change(scope.tenantId, { name: 'Bakery & Sons' }));
    expect(changed).toMatchObject({ name: 'Bakery & Sons', contactEmail: 'owner@elsewhere.example' });
  });

  it('gives 404 when it is opened under a brand of another reseller', async () => {
    const wish = { name: 'Bakery', contactEmail: 'a@b.example', brandId: other.brandId };
    await expect(rooms.as(mine.scope, () => tenants.open(wish))).rejects.toMatchObject(missing);
  });

  it('cannot be opened from the scope of a tenant: the database refuses', async () => {
    const scope = await openTenant(rooms, mine);
    const wish = { name: 'Bakery', contactEmail: 'a@b.example', brandId: mine.brandId };
    await expect(rooms.as(scope, () => tenants.open(wish))).rejects.toThrow(/permission denied/);
  });

  it('of a sibling or another reseller answers like a missing one', async () => {
    const [one, sibling, foreign] = [
      await openTenant(rooms, mine),
      await openTenant(rooms, mine),
      await openTenant(rooms, other),
    ];
    for (const { tenantId } of [sibling, foreign]) {
      await expect(rooms.as(one, () => tenants.require(tenantId))).rejects.toMatchObject(missing);
      await expect(rooms.as(one, () => tenants.change(tenantId, { name: 'x' }))).rejects.toMatchObject(
        missing,
      );
    }
    await expect(rooms.as(mine.scope, () => tenants.require(foreign.tenantId))).rejects.toMatchObject(
      missing,
    );
  });

  it('is listed by its reseller only', async () => {
    const scope = await openTenant(rooms, other);
    const listed = async (seller: Seller) =>
      (await rooms.as(seller.scope, () => tenants.list({ limit: 200 }))).items.map((tenant) => tenant.id);
    expect(await listed(other)).toContain(scope.tenantId);
    expect(await listed(mine)).not.toContain(scope.tenantId);
  });

  it('has the brand it was opened under', async () => {
    const scope = await openTenant(rooms, other);
    expect((await rooms.as(scope, () => rooms.get(BrandsService).requireForTenant())).id).toBe(other.brandId);
  });
});

describe('restricting a whole tenant', () => {
  const SENDING = { sending: true, signIn: false, receiving: false };
  const place = (tenantId: string, cause: RestrictionCause, seller = mine, stops = SENDING) =>
    rooms.as(seller.scope, () =>
      rooms.get(TenantRestrictionsService).place(tenantId, cause, { stops, reason: 'The bill is late.' }),
    );
  const lift = (tenantId: string, cause: RestrictionCause, seller = mine) =>
    rooms.as(seller.scope, () => rooms.get(TenantRestrictionsService).lift(tenantId, cause));

  it('leaves the other causes in force when one is lifted', async () => {
    const { tenantId } = await openTenant(rooms, mine);
    await place(tenantId, 'payment');
    await place(tenantId, 'abuse');
    const { items } = await lift(tenantId, 'payment');
    expect(items.map((one) => one.cause)).toEqual(['abuse']);
    expect((await lift(tenantId, 'abuse')).items).toEqual([]);
  });

  it('keeps one restriction per cause, with what was said last', async () => {
    const { tenantId } = await openTenant(rooms, mine);
    const both = { ...SENDING, signIn: true };
    await Promise.all([place(tenantId, 'payment'), place(tenantId, 'payment')]);
    const { items } = await place(tenantId, 'payment', mine, both);
    expect(items).toEqual([expect.objectContaining({ cause: 'payment', stops: both })]);
  });

  it('keeps a lifted restriction as history when the cause returns', async () => {
    const { tenantId } = await openTenant(rooms, mine);
    await place(tenantId, 'legal');
    await lift(tenantId, 'legal');
    expect((await place(tenantId, 'legal')).items).toHaveLength(1);
    expect(await rooms.sql('select 1 from restriction where subject_id = $1', [tenantId])).toHaveLength(2);
  });

  it('gives 404 for a tenant of another reseller, to place and to lift', async () => {
    const { tenantId } = await openTenant(rooms, other);
    await place(tenantId, 'payment', other);
    await expect(place(tenantId, 'payment')).rejects.toMatchObject(missing);
    await expect(lift(tenantId, 'payment')).rejects.toMatchObject(missing);
  });
});

describe('restrictions in the scope of a tenant', () => {
  const wish = { stops: { sending: false, signIn: true, receiving: false }, reason: 'On leave.' };

  it('takes the strictest of mailbox, domain and tenant', async () => {
    const scope = await openTenant(rooms, mine);
    const domainId = await openDomain(scope.tenantId, mine);
    await rooms.as(scope, () =>
      restrictions.place({ level: 'domain', subjectId: domainId, cause: 'owner', ...wish }),
    );
    await rooms.as(mine.scope, () =>
      restrictions.place({
        level: 'tenant',
        subjectId: scope.tenantId,
        cause: 'payment',
        stops: { sending: true, signIn: false, receiving: false },
        reason: 'Late.',
      }),
    );
    const switches = await rooms.as(scope, () => restrictions.switchesOf([domainId, scope.tenantId]));
    expect(switches).toEqual({ maySend: false, maySignIn: false, mayReceive: true });
    await rooms.as(scope, () => restrictions.lift({ subjectId: domainId, cause: 'owner' }));
    expect(await rooms.as(scope, () => restrictions.listInForce(domainId))).toEqual([]);
  });

  it('lets a reseller restrict a domain of its tenant, as a row of that tenant', async () => {
    const scope = await openTenant(rooms, mine);
    const domainId = await openDomain(scope.tenantId, mine);
    await rooms.as(mine.scope, () =>
      restrictions.place({ level: 'domain', subjectId: domainId, cause: 'abuse', ...wish }),
    );
    expect(await rooms.as(scope, () => restrictions.listInForce(domainId))).toMatchObject([
      { cause: 'abuse', stops: wish.stops },
    ]);
  });

  it.each([['payment'], ['abuse'], ['security'], ['legal']] as const)(
    'cannot place or lift the cause %s: the database refuses',
    async (cause) => {
      const scope = await openTenant(rooms, mine);
      const subjectId = await openDomain(scope.tenantId, mine);
      const placement = { level: 'domain', subjectId, cause, ...wish } as const;
      await expect(rooms.as(scope, () => restrictions.place(placement))).rejects.toThrow(
        /row-level security/,
      );
      await rooms.as(mine.scope, () => restrictions.place(placement));
      await expect(rooms.as(scope, () => restrictions.lift({ subjectId, cause }))).rejects.toThrow(
        /row-level security/,
      );
      expect(await rooms.as(mine.scope, () => restrictions.listInForce(subjectId))).toHaveLength(1);
    },
  );

  it('cannot restrict the tenant itself: the database refuses', async () => {
    const scope = await openTenant(rooms, mine);
    await expect(
      rooms.as(scope, () =>
        restrictions.place({ level: 'tenant', subjectId: scope.tenantId, cause: 'owner', ...wish }),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it('answers a subject of somebody else like a missing one', async () => {
    const scope = await openTenant(rooms, mine);
    const sibling = await openTenant(rooms, mine);
    const subjects = [
      await openDomain(sibling.tenantId, mine),
      await openDomain(null, mine),
      await openDomain((await openTenant(rooms, other)).tenantId, other),
      randomUUID(),
    ];
    for (const subjectId of subjects)
      await expect(
        rooms.as(scope, () => restrictions.place({ level: 'domain', subjectId, cause: 'owner', ...wish })),
      ).rejects.toMatchObject(missing);
  });
});
