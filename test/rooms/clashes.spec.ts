import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressesService } from '../../src/addresses/addresses.service.js';
import { BrandsService } from '../../src/brands/brands.service.js';
import { HostsService } from '../../src/brands/hosts.service.js';
import { ClaimsService } from '../../src/domains/claims/claims.service.js';
import { PeopleService } from '../../src/people/people.service.js';
import { Refusal } from '../../src/platform/http/refusal.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice, verifyDomain } from './offices.js';
import { openSeller, openTenant, type Seller } from './sellers.js';

let rooms: Rooms;
let mine: Seller;
let others: Seller;
let office: Office;
let sibling: Office;
let stranger: Office;

beforeAll(async () => {
  rooms = await startRooms();
  mine = await openSeller(rooms);
  others = await openSeller(rooms);
  office = await openOffice(rooms, mine, 5);
  sibling = await openOffice(rooms, mine, 5);
  stranger = await openOffice(rooms, others, 5);
});
afterAll(() => rooms.stop());

/** What the caller reads when work is refused; names that differ by design are cut out. */
const wordsOf = async (work: Promise<unknown>, ...names: string[]): Promise<string> => {
  const thrown = await work.then(
    () => expect.unreachable('it was not refused'),
    (fault: unknown) => fault,
  );
  if (!(thrown instanceof Refusal)) throw thrown;
  const words = JSON.stringify({ code: thrown.code, status: thrown.status, say: thrown.message });
  return names.reduce((text, name) => text.replaceAll(name, '…'), words);
};

const expectSame = (words: readonly string[]): void => {
  expect(words[0]).toContain('"status":409');
  expect(new Set(words).size).toBe(1);
};

describe('a name that is taken is refused in the same words, whoever has it', () => {
  it('as a portal host', async () => {
    const { brandId: another } = await rooms.as(mine.scope, async () => {
      const brand = await rooms.get(BrandsService).create({
        name: 'Second',
        supportEmail: 'support@second.example',
        mailHost: 'mail.second-brand.example',
        zoneName: 'mailzone.second-brand.example',
      });
      return { brandId: brand.id };
    });
    const add = (seller: Seller, brandId: string, name: string) =>
      rooms.as(seller.scope, () => rooms.get(HostsService).ensure(brandId, { name, purpose: 'portal' }));
    await add(mine, another, 'my.second-brand.example');
    await add(others, others.brandId, 'my.others.example');
    expectSame([
      await wordsOf(add(mine, mine.brandId, 'my.second-brand.example')),
      await wordsOf(add(mine, mine.brandId, 'my.others.example')),
      await wordsOf(add(mine, mine.brandId, rooms.configuration.OPERATOR_HOST)),
    ]);
  });

  it('as a brand’s zone, equal or overlapping', async () => {
    const zoneOf = async ({ scope, brandId }: Seller) =>
      (await rooms.as(scope, () => rooms.get(BrandsService).require(brandId))).zoneName;
    const make = (zoneName: string) =>
      rooms.as(mine.scope, () =>
        rooms.get(BrandsService).create({
          name: 'Third',
          supportEmail: 'support@third.example',
          mailHost: 'mail.third-brand.example',
          zoneName,
        }),
      );
    expectSame([
      await wordsOf(make(await zoneOf(mine))),
      await wordsOf(make(await zoneOf(others))),
      await wordsOf(make(`below.${await zoneOf(others)}`)),
    ]);
  });

  it('as an address', async () => {
    const { id: mailboxId } = await office.open('ana');
    const alias = (localPart: string) =>
      office.in(() =>
        rooms.get(AddressesService).add(mailboxId, {
          kind: 'alias',
          domainId: office.domainId,
          localPart,
          receives: true,
          sends: true,
        }),
      );
    await office.open('berta');
    // Left behind by whoever held the domain before.
    for (const [before, localPart] of [
      [sibling, 'carl'],
      [stranger, 'dora'],
    ] as const) {
      const held = await before.open(localPart);
      await rooms.sql('update address set address = $2 where mailbox_id = $1', [
        held.id,
        `${localPart}@${office.domain}`,
      ]);
    }
    expectSame([
      await wordsOf(alias('berta'), 'berta'),
      await wordsOf(alias('carl'), 'carl'),
      await wordsOf(alias('dora'), 'dora'),
    ]);
    expectSame([
      await wordsOf(office.open('berta'), 'berta'),
      await wordsOf(office.open('carl'), 'carl'),
      await wordsOf(office.open('dora'), 'dora'),
    ]);
  });

  it('as a domain in another account of the same reseller or of another, and never for a mere claim', async () => {
    const claim = (name: string) => office.in(() => rooms.get(ClaimsService).claim({ name }));
    const cousin = await openTenant(rooms, others);
    await verifyDomain(rooms, others, cousin, 'elsewhere-held.example');
    await verifyDomain(rooms, others, cousin, 'elsewhere-claimed.example', 'claimed');
    await verifyDomain(rooms, mine, sibling.scope, 'next-door-claimed.example', 'claimed');
    expectSame([
      await wordsOf(claim(sibling.domain)),
      await wordsOf(claim(stranger.domain)),
      await wordsOf(claim('elsewhere-held.example')),
    ]);
    for (const name of ['elsewhere-claimed.example', 'next-door-claimed.example'])
      await expect(claim(name)).resolves.toMatchObject({ state: 'claimed' });
  });

  it('as the name somebody signs in with', async () => {
    const add = (where: Office, signInName: string) =>
      where.in(() =>
        rooms
          .get(PeopleService)
          .add({ signInName, displayName: 'Ana', role: 'member', password: 'long enough' }),
      );
    await add(office, 'mine@elsewhere.example');
    await add(sibling, 'theirs@elsewhere.example');
    expectSame([
      await wordsOf(add(office, 'mine@elsewhere.example')),
      await wordsOf(add(office, 'theirs@elsewhere.example')),
    ]);
  });
});
