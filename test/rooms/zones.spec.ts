import { readFile, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { requireDomainName } from '#libs/address';
import { dkimLabel, parseZone, type Zone } from '#libs/dns';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DomainRecordsService } from '../../src/domains/checks/domain-records.service.js';
import { DomainResolver } from '../../src/domains/checks/domain-resolver.js';
import { DomainsService } from '../../src/domains/domains.service.js';
import type { TenantScope } from '../../src/platform/tenancy/scope.js';
import { ZonePublisher } from '../../src/zones/zone-publisher.js';
import { ZonesService } from '../../src/zones/zones.service.js';
import { ZonesSweep } from '../../src/zones/zones.sweep.js';
import { deliver, DnsWorld, eventsNamed, Registrar, settleEvents } from './dns-world.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let seller: Seller;
let tenant: TenantScope;
let registrar: Registrar;
let zoneName: string;
const world = new DnsWorld();

beforeAll(async () => {
  rooms = await startRooms([{ token: DomainResolver, value: world }]);
  registrar = new Registrar(rooms, world);
  seller = await openSeller(rooms);
  tenant = await openTenant(rooms, seller);
  const [brand] = await rooms.sql<{ zone_name: string }>('select zone_name from brand where id = $1', [
    seller.brandId,
  ]);
  zoneName = brand?.zone_name ?? '';
});
afterAll(async () => {
  await rm(rooms.configuration.ZONE_FOLDER, { recursive: true, force: true });
  await rooms.stop();
});

const fileOf = (zone: string): string => path.join(rooms.configuration.ZONE_FOLDER, `${zone}.zone`);
const published = async (): Promise<Zone> => parseZone(await readFile(fileOf(zoneName), 'utf8'));
const keysOf = (domainId: string) =>
  rooms.sql<{ selector: string; public_key: string; sealed_private_key: string; tenant_id: string | null }>(
    'select * from dkim_key where domain_id = $1',
    [domainId],
  );

describe('the signing key of a domain', () => {
  it('is made once by its proof, however often that is told, and sealed for the engine', async () => {
    const { id } = await registrar.verified(tenant, 'keys.example');
    const told = await eventsNamed(rooms, 'domain.verified');
    await Promise.all(told.flatMap((event) => [deliver(rooms, event), deliver(rooms, event)]));
    await settleEvents(rooms);
    const keys = await keysOf(id);
    expect(keys).toMatchObject([{ selector: 'k1', state: 'signing', tenant_id: tenant.tenantId }]);
    expect(keys[0]?.sealed_private_key).toMatch(
      new RegExp(`^box1\\.${rooms.configuration.SEALING_PUBLIC_KEY}\\.`),
    );
    expect(await eventsNamed(rooms, 'dkim-key.made')).toHaveLength(1);
  });

  it('stands in the brand’s zone where the domain’s record points', async () => {
    const { id, name } = await registrar.verified(tenant, 'pointing.example');
    await settleEvents(rooms);
    const { records } = await rooms.as(tenant, () => rooms.get(DomainRecordsService).list(id));
    const wanted = records.find((record) => record.name === `k1._domainkey.${name}`);
    const [key] = await keysOf(id);
    expect((await published()).records).toContainEqual({
      name: wanted?.value,
      type: 'TXT',
      value: `v=DKIM1; k=rsa; p=${key?.public_key}`,
    });
  });

  it('leaves the zone with its domain, and a later claim of the name has another', async () => {
    const first = await registrar.verified(tenant, 'leaving.example');
    await settleEvents(rooms);
    const serial = (await published()).serial;
    await rooms.as(tenant, () => rooms.get(DomainsService).release(first.id));
    await settleEvents(rooms);
    const label = dkimLabel(requireDomainName('leaving.example'));
    const zone = await published();
    expect(zone.serial).toBeGreaterThan(serial);
    expect(zone.records.filter((record) => record.name.includes(label))).toEqual([]);
    const second = await registrar.verified(tenant, 'leaving.example');
    await settleEvents(rooms);
    const [before, after] = [await keysOf(first.id), await keysOf(second.id)];
    expect(after[0]?.public_key).not.toBe(before[0]?.public_key);
    expect((await published()).records.filter((record) => record.name.includes(label))).toHaveLength(1);
  });
});

describe('the zone of a brand', () => {
  it('is not written again while it says the same', async () => {
    const zones = rooms.get(ZonesService);
    await rooms.as(seller.scope, () => zones.publish(seller.brandId));
    const before = await readFile(fileOf(zoneName), 'utf8');
    rooms.clock.advance(60_000);
    await rooms.as(seller.scope, () => zones.publish(seller.brandId));
    expect(await readFile(fileOf(zoneName), 'utf8')).toBe(before);
    expect(await rooms.as(seller.scope, () => zones.text(seller.brandId))).toBe(before);
  });

  it('is not written over by a publication that began earlier and took longer', async () => {
    const zones = rooms.get(ZonesService);
    const publisher = rooms.get(ZonePublisher);
    const publish = () => rooms.as(seller.scope, () => zones.publish(seller.brandId));
    const told = async (name: string) => {
      const { id } = await registrar.verified(tenant, name);
      const events = await eventsNamed(rooms, 'domain.verified');
      for (const event of events.filter(({ payload }) => JSON.stringify(payload).includes(id)))
        await deliver(rooms, event);
    };
    await told('early.example');
    const write = publisher.publish.bind(publisher);
    const begun = new Promise<void>((resolve) => {
      vi.spyOn(publisher, 'publish').mockImplementationOnce(async (zone) => {
        resolve();
        await pause(400);
        await write(zone);
      });
    });
    const slow = publish();
    await begun;
    await told('late.example');
    await Promise.all([slow, publish()]);
    const text = JSON.stringify((await published()).records);
    for (const name of ['early.example', 'late.example'])
      expect(text).toContain(dkimLabel(requireDomainName(name)));
  });

  it('is mended by the sweep when it is missing, for every brand', async () => {
    const other = await openSeller(rooms);
    await rooms.as(seller.scope, () => rooms.get(ZonesService).publish(seller.brandId));
    await unlink(fileOf(zoneName));
    await rooms.get(ZonesSweep).publishAll();
    expect((await published()).origin).toBe(zoneName);
    const [brand] = await rooms.sql<{ zone_name: string }>('select zone_name from brand where id = $1', [
      other.brandId,
    ]);
    expect(await readFile(fileOf(brand?.zone_name ?? ''), 'utf8')).toContain('v=spf1 ip4:192.0.2.10 -all');
  });

  it('is shown to its reseller and to no other', async () => {
    const other = await openSeller(rooms);
    const zones = rooms.get(ZonesService);
    const text = await rooms.as(seller.scope, () => zones.text(seller.brandId));
    expect(parseZone(text).origin).toBe(zoneName);
    await expect(rooms.as(other.scope, () => zones.text(seller.brandId))).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a brand’s own domain', () => {
  it('is claimed, proven and given its key like any other', async () => {
    const domain = await registrar.verified(seller.scope, 'hello.example', seller.brandId);
    await settleEvents(rooms);
    expect(domain).toMatchObject({ state: 'verified', brandId: seller.brandId });
    expect(await keysOf(domain.id)).toMatchObject([{ tenant_id: null, selector: 'k1' }]);
    const { items } = await rooms.as(seller.scope, () =>
      rooms.get(DomainsService).list({ limit: 50 }, seller.brandId),
    );
    expect(items.map(({ name }) => name)).toEqual(['hello.example']);
  });

  it('is neither a tenant’s nor another brand’s, and a tenant’s is not the brand’s', async () => {
    const other = await openSeller(rooms);
    const domains = rooms.get(DomainsService);
    const own = await registrar.claim(seller.scope, 'own.example', seller.brandId);
    const theirs = await registrar.claim(tenant, 'theirs.example');
    for (const attempt of [
      () => rooms.as(tenant, () => domains.require(own.id)),
      () => rooms.as(other.scope, () => domains.require(own.id, other.brandId)),
      () => rooms.as(seller.scope, () => domains.require(theirs.id, seller.brandId)),
      () => registrar.check(seller.scope, theirs.id, seller.brandId),
      () => registrar.claim(seller.scope, 'third.example', other.brandId),
    ])
      await expect(attempt()).rejects.toMatchObject({ status: 404 });
  });

  it('keeps its tenants from the names below it', async () => {
    await registrar.verified(seller.scope, 'upper.example', seller.brandId);
    await expect(registrar.claim(tenant, 'acme.upper.example')).rejects.toMatchObject({
      code: 'domain.parent-verified',
    });
  });
});
