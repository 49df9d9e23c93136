import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrandsService } from '../../src/brands/brands.service.js';
import { HostsService } from '../../src/brands/hosts.service.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let brands: BrandsService;
let hosts: HostsService;
let mine: Seller;
let other: Seller;

beforeAll(async () => {
  rooms = await startRooms();
  brands = rooms.get(BrandsService);
  hosts = rooms.get(HostsService);
  mine = await openSeller(rooms);
  other = await openSeller(rooms);
});
afterAll(() => rooms.stop());

const wish = (label: string, zoneName = `zone.${label}.example`) => ({
  name: label,
  supportEmail: `help@${label}.example`,
  mailHost: `mail.${label}.localhost`,
  zoneName,
});
const create = (seller: Seller, given: ReturnType<typeof wish>) =>
  rooms.as(seller.scope, () => brands.create(given));

describe('a brand', () => {
  it('answers to its mail host from the start', async () => {
    const { items } = await rooms.as(mine.scope, () => hosts.list(mine.brandId, { limit: 10 }));
    const brand = await rooms.as(mine.scope, () => brands.require(mine.brandId));
    expect(items).toEqual([
      expect.objectContaining({ name: brand.mailHost, purpose: 'mail', state: 'live' }),
    ]);
  });

  it('keeps a former mail host beside the new one', async () => {
    const brand = await create(mine, wish('moving'));
    const moved = await rooms.as(mine.scope, () =>
      brands.change(brand.id, { mailHost: 'imap.moving.localhost' }),
    );
    const { items } = await rooms.as(mine.scope, () => hosts.list(brand.id, { limit: 10 }));
    expect(moved).toMatchObject({ name: 'moving', mailHost: 'imap.moving.localhost' });
    expect(items.map((host) => host.name).toSorted()).toEqual([
      'imap.moving.localhost',
      'mail.moving.localhost',
    ]);
  });

  it.each([
    ['zone.taken.example', 'the zone of another reseller'],
    ['mx.zone.taken.example', 'a name below the zone of another reseller'],
    ['taken.example', 'a name above the zone of another reseller'],
  ])('gives 409 for the zone %s: %s', async (zoneName) => {
    const holder = await rooms.sql<{ id: string }>(
      `select id from brand where zone_name = 'zone.taken.example'`,
    );
    if (holder.length === 0) await create(other, wish('taken'));
    await expect(create(mine, wish('grabber', zoneName))).rejects.toMatchObject({
      status: 409,
      code: 'brand.name-taken',
    });
  });

  it('gets one of two overlapping zones wished for at once', async () => {
    const made = await Promise.allSettled([
      create(mine, wish('race-a', 'race.example')),
      create(other, wish('race-b', 'sub.race.example')),
    ]);
    expect(made.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('lets a zone end like another without a dot between them', async () => {
    await create(mine, wish('plain', 'plainzone.example'));
    await expect(create(mine, wish('plain2', 'explainzone.example'))).resolves.toBeDefined();
  });

  it.each([
    ['co.uk', 'brand.public-suffix'],
    ['zone.isp.internal', 'brand.special-use'],
  ])('gives 422 for the zone %s', async (zoneName, code) => {
    await expect(create(mine, wish('strange', zoneName))).rejects.toMatchObject({ status: 422, code });
  });

  it('leaves nothing behind when its mail host is taken', async () => {
    await expect(create(mine, { ...wish('half'), mailHost: 'operator.localhost' })).rejects.toMatchObject({
      code: 'brand.name-taken',
    });
    expect(await rooms.sql(`select 1 from brand where zone_name = 'zone.half.example'`)).toEqual([]);
  });

  it('keeps its zone: the database refuses another one', async () => {
    const moved = rooms.as(mine.scope, () =>
      rooms
        .get(TenantDb)
        .transaction((db) =>
          db.query('update brand set zone_name = $2 where id = $1', [mine.brandId, 'other.example']),
        ),
    );
    await expect(moved).rejects.toThrow(/permission denied/);
  });

  it('of another reseller answers like a missing one', async () => {
    const missing = { status: 404, code: 'request.not-found' };
    await expect(rooms.as(mine.scope, () => brands.require(other.brandId))).rejects.toMatchObject(missing);
    await expect(
      rooms.as(mine.scope, () => brands.change(other.brandId, { name: 'x' })),
    ).rejects.toMatchObject(missing);
    await expect(rooms.as(mine.scope, () => hosts.list(other.brandId, { limit: 1 }))).rejects.toMatchObject(
      missing,
    );
    await expect(
      rooms.as(mine.scope, () =>
        hosts.ensure(other.brandId, { name: 'my.intruder.localhost', purpose: 'portal' }),
      ),
    ).rejects.toMatchObject(missing);
  });

  it('is found from the scope of a tenant, by that tenant only', async () => {
    const tenant = await openTenant(rooms, mine);
    const found = await rooms.as(tenant, () => brands.requireForTenant());
    expect(found.id).toBe(mine.brandId);
    expect(found.zoneName).toMatch(/^mailzone\./);
  });
});

describe('a host', () => {
  const add = (seller: Seller, name: string, purpose: 'portal' | 'mail' = 'portal') =>
    rooms.as(seller.scope, () => hosts.ensure(seller.brandId, { name, purpose }));

  it('is answered as it is when the brand has it already', async () => {
    const first = await add(mine, 'my.again.localhost');
    expect(await add(mine, 'my.again.localhost')).toEqual(first);
  });

  it('gives 409 with the same words whoever holds the name', async () => {
    await add(other, 'my.held.localhost');
    await add(mine, 'my.own.localhost');
    const words = async (name: string, purpose?: 'mail') =>
      add(mine, name, purpose).then(
        () => 'added',
        (thrown: unknown) => thrown,
      );
    const foreign = await words('my.held.localhost');
    expect(foreign).toMatchObject({ status: 409, code: 'brand.name-taken' });
    expect(await words('my.own.localhost', 'mail')).toEqual(foreign);
    expect(await words('operator.localhost')).toEqual(foreign);
  });

  it('is held by one of two resellers that wish for it at once', async () => {
    const made = await Promise.allSettled([add(mine, 'my.race.localhost'), add(other, 'my.race.localhost')]);
    expect(made.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('gives 422 for a special-use name that this installation does not allow', async () => {
    await expect(add(mine, 'my.isp.test')).rejects.toMatchObject({ status: 422, code: 'brand.special-use' });
  });

  it('is free for others once it is removed', async () => {
    const host = await add(mine, 'my.passing.localhost');
    await rooms.as(mine.scope, () => hosts.remove(mine.brandId, host.id));
    await expect(add(other, 'my.passing.localhost')).resolves.toMatchObject({ state: 'live' });
  });

  it('gives 409 when it is the mail host of the brand', async () => {
    const { items } = await rooms.as(mine.scope, () => hosts.list(mine.brandId, { limit: 200 }));
    const mail = items.find((host) => host.purpose === 'mail');
    await expect(
      rooms.as(mine.scope, () => hosts.remove(mine.brandId, mail?.id ?? '')),
    ).rejects.toMatchObject({ status: 409, code: 'brand.host-in-use' });
  });

  it('of another brand answers like a missing one when it is removed', async () => {
    const host = await add(other, 'my.foreign.localhost');
    await expect(rooms.as(mine.scope, () => hosts.remove(mine.brandId, host.id))).rejects.toMatchObject({
      status: 404,
    });
  });
});
