import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClaimsSweep } from '../../src/domains/checks/claims.sweep.js';
import { DomainRecordsService } from '../../src/domains/checks/domain-records.service.js';
import { DomainResolver } from '../../src/domains/checks/domain-resolver.js';
import { DomainsService } from '../../src/domains/domains.service.js';
import { DomainRestrictionsService } from '../../src/domains/restrictions/domain-restrictions.service.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import type { TenantScope } from '../../src/platform/tenancy/scope.js';
import { DnsWorld, eventsNamed, Registrar } from './dns-world.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let seller: Seller;
let ana: TenantScope;
let ben: TenantScope;
let registrar: Registrar;
let domains: DomainsService;
const world = new DnsWorld();
const missing = { status: 404, code: 'request.not-found' };
let count = 0;
const freshName = (): string => `firm-${(count += 1)}.example`;

const stateOf = async (domainId: string): Promise<string | undefined> =>
  (await rooms.sql<{ state: string }>('select state from domain where id = $1', [domainId]))[0]?.state;

beforeAll(async () => {
  rooms = await startRooms([{ token: DomainResolver, value: world }]);
  registrar = new Registrar(rooms, world);
  domains = rooms.get(DomainsService);
  seller = await openSeller(rooms);
  ana = await openTenant(rooms, seller);
  ben = await openTenant(rooms, await openSeller(rooms));
});
afterAll(() => rooms.stop());
beforeEach(() => {
  world.silence = null;
});

describe('a claim', () => {
  it('is inert: no event, nothing for the engine, and no bar to others', async () => {
    const name = freshName();
    const claimed = await registrar.claim(ana, name);
    await registrar.claim(ben, name);
    expect(claimed).toMatchObject({ state: 'claimed', name, verifiedAt: null });
    expect(await rooms.sql('select id from directory.domain where name = $1', [name])).toEqual([]);
    expect(await eventsNamed(rooms, 'domain.verified')).toEqual([]);
    await expect(rooms.as(ana, () => domains.requireVerified(claimed.id))).rejects.toMatchObject({
      code: 'domain.not-verified',
    });
  });

  it('is made once by an account, also when asked for at the same time', async () => {
    const name = freshName();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => registrar.claim(ana, name)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(registrar.claim(ana, name)).rejects.toMatchObject({ code: 'domain.already-claimed' });
  });

  it.each([
    ['co.uk', 'domain.public-suffix'],
    ['github.io', 'domain.public-suffix'],
    ['acme.test', 'domain.special-use'],
    ['printer.local', 'domain.special-use'],
    ['1.168.192.in-addr.arpa', 'domain.special-use'],
    ['example', 'domain.single-label'],
    ['192.0.2.1', 'domain.ip-address'],
    ['*.acme.com', 'domain.wildcard'],
    ['pаypal.com', 'domain.mixed-script'],
    ['xn--a.com', 'domain.punycode'],
    ['acme..com', 'domain.empty-label'],
    [`${'a'.repeat(64)}.com`, 'domain.label-too-long'],
    [`${'abcdefg.'.repeat(33)}com`, 'domain.too-long'],
  ])('of %s is refused with the reason %s', async (name, code) => {
    await expect(registrar.claim(ana, name)).rejects.toMatchObject({ code, status: 422 });
  });

  it('of a name under which the service answers is refused', async () => {
    const [brand] = await rooms.sql<{ zone_name: string; mail_host: string }>(
      'select zone_name, mail_host from brand where id = $1',
      [seller.brandId],
    );
    for (const name of [brand?.zone_name, `x.${brand?.zone_name}`, brand?.mail_host, 'operator.localhost'])
      await expect(registrar.claim(ana, name ?? '')).rejects.toMatchObject({ code: 'domain.reserved' });
  });

  it('stores the international form of a name and shows the written one', async () => {
    const claimed = await registrar.claim(ana, 'BÄCKEREI.example.');
    expect(claimed).toMatchObject({ name: 'xn--bckerei-5wa.example', displayName: 'bäckerei.example' });
  });

  it('is nobody else’s to see, check or release', async () => {
    const { id } = await registrar.claim(ana, freshName());
    const records = rooms.get(DomainRecordsService);
    await expect(rooms.as(ben, () => domains.require(id))).rejects.toMatchObject(missing);
    await expect(rooms.as(ben, () => domains.release(id))).rejects.toMatchObject(missing);
    await expect(rooms.as(ben, () => records.list(id))).rejects.toMatchObject(missing);
    await expect(registrar.check(ben, id)).rejects.toMatchObject(missing);
  });
});

describe('the proof', () => {
  it('by TXT verifies the domain', async () => {
    const { id } = await registrar.claim(ana, freshName());
    expect(await registrar.check(ana, id)).toMatchObject({ proof: 'absent', domain: { state: 'claimed' } });
    const proof = await registrar.proofOf(ana, id);
    world.publish('TXT', proof.name, 'something else', proof.text);
    const check = await registrar.check(ana, id);
    expect(check).toMatchObject({ proof: 'proven', domain: { state: 'verified', proofMethod: 'txt' } });
    expect(check.records.records[0]).toMatchObject({ purpose: 'ownership', state: 'match' });
    const told = (await eventsNamed(rooms, 'domain.verified')).map(({ payload }) => payload);
    expect(told).toContainEqual({ domainId: id, brandId: seller.brandId });
    expect(await rooms.as(ana, () => domains.requireVerified(id))).toMatchObject({ id });
  });

  it('by CNAME verifies the domain', async () => {
    const { id } = await registrar.claim(ana, freshName());
    const proof = await registrar.proofOf(ana, id);
    world.publish('CNAME', proof.name, proof.alias);
    expect((await registrar.check(ana, id)).domain).toMatchObject({
      state: 'verified',
      proofMethod: 'cname',
    });
  });

  it('is not made by another account’s token, nor by a part of the own one', async () => {
    const name = freshName();
    const mine = await registrar.claim(ana, name);
    const theirs = await registrar.claim(ben, name);
    const proof = await registrar.proofOf(ana, mine.id);
    world.publish('TXT', proof.name, proof.text);
    expect((await registrar.check(ben, theirs.id)).proof).toBe('absent');
    world.publish('TXT', proof.name, `${proof.text} `, proof.text.slice(0, -1));
    expect((await registrar.check(ana, mine.id)).proof).toBe('absent');
  });

  it.each(['server-failure', 'timeout', 'no-server'] as const)('stays open on %s', async (why) => {
    const { id } = await registrar.claim(ana, freshName());
    const known = await registrar.verified(ana, freshName());
    world.silence = why;
    expect(await registrar.check(ana, id)).toMatchObject({ proof: 'unknown', domain: { state: 'claimed' } });
    const check = await registrar.check(ana, known.id);
    expect(check).toMatchObject({ proof: null, domain: { state: 'verified' } });
    expect(check.records.records[0]?.state).toBe('match');
  });

  it('that vanishes later takes nothing from a verified domain', async () => {
    const { id } = await registrar.verified(ana, freshName());
    world.withdraw('TXT', (await registrar.proofOf(ana, id)).name);
    expect(await registrar.check(ana, id)).toMatchObject({ domain: { state: 'verified' } });
  });

  it('by two accounts at once leaves one winner', async () => {
    for (const name of Array.from({ length: 8 }, freshName)) {
      const claims = [
        [ana, await registrar.claim(ana, name)],
        [ben, await registrar.claim(ben, name)],
      ] as const;
      const proofs = await Promise.all(claims.map(([scope, { id }]) => registrar.proofOf(scope, id)));
      world.publish('TXT', `_mail-proof.${name}`, ...proofs.map(({ text }) => text));
      const checks = await Promise.allSettled(claims.map(([scope, { id }]) => registrar.check(scope, id)));
      expect(checks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(checks.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'domain.already-verified' },
      });
      const states = await Promise.all(claims.map(([, { id }]) => stateOf(id)));
      expect(new Set(states)).toEqual(new Set(['claimed', 'verified']));
    }
  });
});

describe('a verified name', () => {
  it('and the names below it are refused to others, in words that do not tell whose it is', async () => {
    const { name } = await registrar.verified(ana, freshName());
    const refused = await Promise.allSettled([
      registrar.claim(ben, name),
      registrar.claim(ben, `a.b.${name}`),
    ]);
    expect(refused).toMatchObject([
      { reason: { code: 'domain.already-verified', status: 409 } },
      { reason: { code: 'domain.parent-verified', message: expect.stringContaining('owner’s consent') } },
    ]);
    expect(JSON.stringify(refused)).not.toMatch(new RegExp(`${ana.tenantId}|${seller.brandId}|isp-|Bakery`));
    await expect(registrar.claim(ana, `a.${name}`)).resolves.toMatchObject({ state: 'claimed' });
  });

  it('refuses the proof of a name below it that was claimed before', async () => {
    const name = freshName();
    const below = await registrar.claim(ben, `shop.${name}`);
    await registrar.verified(ana, name);
    const proof = await registrar.proofOf(ben, below.id);
    world.publish('TXT', proof.name, proof.text);
    await expect(registrar.check(ben, below.id)).rejects.toMatchObject({ code: 'domain.parent-verified' });
    expect(await stateOf(below.id)).toBe('claimed');
  });

  it('does not keep the owner of the name above from proving that', async () => {
    const name = freshName();
    const below = await registrar.verified(ben, `shop.${name}`);
    expect(await registrar.verified(ana, name)).toMatchObject({ state: 'verified' });
    expect(await stateOf(below.id)).toBe('verified');
  });

  it('is never followed by a name below it of another account, also when both are proven at once', async () => {
    for (const name of Array.from({ length: 8 }, freshName)) {
      const above = await registrar.claim(ana, name);
      const below = await registrar.claim(ben, `shop.${name}`);
      const proofs = [await registrar.proofOf(ana, above.id), await registrar.proofOf(ben, below.id)];
      for (const { name: at, text } of proofs) world.publish('TXT', at, text);
      await Promise.allSettled([registrar.check(ana, above.id), registrar.check(ben, below.id)]);
      const told = (await eventsNamed(rooms, 'domain.verified')).map(({ payload }) =>
        JSON.stringify(payload),
      );
      const order = [below.id, above.id].map((id) => told.findIndex((text) => text.includes(id)));
      expect(order[1]).toBeGreaterThan(order[0] ?? Infinity);
    }
  });
});

describe('a release', () => {
  it('frees the name, and a new claim has a new token', async () => {
    const first = await registrar.verified(ana, freshName());
    const before = await registrar.proofOf(ana, first.id);
    await rooms.as(ana, () => domains.release(first.id));
    await expect(rooms.as(ana, () => domains.require(first.id))).rejects.toMatchObject(missing);
    await expect(registrar.check(ana, first.id)).rejects.toMatchObject(missing);
    const again = await registrar.claim(ana, first.name);
    expect((await registrar.proofOf(ana, again.id)).text).not.toBe(before.text);
    expect((await registrar.check(ana, again.id)).proof).toBe('absent');
    expect(await registrar.verified(ben, first.name)).toMatchObject({ state: 'verified' });
  });

  it('is refused while a mailbox is open on the domain', async () => {
    const { id, name } = await registrar.verified(ana, freshName());
    await rooms.sql(
      `insert into mailbox (id, reseller_id, tenant_id, domain_id, kind, display_name, local_part, address, home,
         plan_version_id, state, created_at, updated_at)
       select gen_random_uuid(), reseller_id, $2, $1, 'shared', 'Ana', 'ana', 'ana@' || $3, $3, id, 'open', now(), now()
       from plan_version where plan_id = $4`,
      [id, ana.tenantId, name, seller.planId],
    );
    await expect(rooms.as(ana, () => domains.release(id))).rejects.toMatchObject({
      code: 'domain.has-mailboxes',
      message: expect.stringContaining(name),
    });
    await rooms.sql("update mailbox set state = 'closed' where domain_id = $1", [id]);
    await rooms.as(ana, () => domains.release(id));
    expect(await stateOf(id)).toBe('released');
  });

  it('waits for whoever has just relied on the domain', async () => {
    const { id } = await registrar.verified(ana, freshName());
    let released: Promise<void> = Promise.resolve();
    await rooms.as(ana, () =>
      rooms.get(TenantDb).transaction(async () => {
        await domains.requireVerified(id);
        released = rooms.as(ana, () => domains.release(id));
        await pause(150);
        expect(await stateOf(id)).toBe('verified');
      }),
    );
    await released;
    expect(await stateOf(id)).toBe('released');
  });
});

describe('waiting claims', () => {
  it('are proven by the sweep, which asks again only when a claim is due', async () => {
    const sweep = rooms.get(ClaimsSweep);
    const { id } = await registrar.claim(ana, freshName());
    rooms.clock.advance(7 * 3_600_000);
    await sweep.recheckWaiting();
    const proof = await registrar.proofOf(ana, id);
    world.publish('TXT', proof.name, proof.text);
    world.asked = 0;
    await sweep.recheckWaiting();
    expect(world.asked).toBe(0);
    expect(await stateOf(id)).toBe('claimed');
    rooms.clock.advance(7 * 3_600_000);
    await sweep.recheckWaiting();
    expect(await stateOf(id)).toBe('verified');
  });

  it('of several accounts end with one holder, and the others wait on without harm', async () => {
    const name = freshName();
    const claims = [
      [ana, await registrar.claim(ana, name)],
      [ben, await registrar.claim(ben, name)],
    ] as const;
    const proofs = await Promise.all(claims.map(([scope, { id }]) => registrar.proofOf(scope, id)));
    world.publish('TXT', `_mail-proof.${name}`, ...proofs.map(({ text }) => text));
    await rooms.get(ClaimsSweep).recheckWaiting();
    const states = await Promise.all(claims.map(([, { id }]) => stateOf(id)));
    expect(new Set(states)).toEqual(new Set(['claimed', 'verified']));
    const waiting = await rooms.sql('select 1 from domain where name = $1 and checked_at is null', [name]);
    expect(waiting).toEqual([]);
  });
});

describe('restrictions of a domain', () => {
  it('are placed and lifted by its owner, and are nobody else’s', async () => {
    const { id } = await registrar.verified(ana, freshName());
    const restrictions = rooms.get(DomainRestrictionsService);
    const stops = { sending: true, signIn: false, receiving: false };
    const wish = { stops, reason: 'We moved.' };
    const placed = await rooms.as(ana, () => restrictions.place(id, 'owner', wish));
    expect(placed.items).toMatchObject([{ cause: 'owner', stops }]);
    await expect(rooms.as(ben, () => restrictions.lift(id, 'owner'))).rejects.toMatchObject(missing);
    expect((await rooms.as(ana, () => restrictions.lift(id, 'owner'))).items).toEqual([]);
  });
});
