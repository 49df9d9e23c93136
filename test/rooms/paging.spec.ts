import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressesService } from '../../src/addresses/addresses.service.js';
import { MailboxesService } from '../../src/mailboxes/mailboxes.service.js';
import { PeopleService } from '../../src/people/people.service.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice } from './offices.js';
import { openSeller, type Seller } from './sellers.js';

let rooms: Rooms;
let seller: Seller;
let office: Office;
let sibling: Office;

beforeAll(async () => {
  rooms = await startRooms();
  seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 5);
  sibling = await openOffice(rooms, seller, 5);
  for (const name of ['ana', 'bo']) {
    await office.open(name);
    await sibling.open(name);
  }
});
afterAll(() => rooms.stop());

const people = (where: Office, after: string) =>
  where.in(() => rooms.get(PeopleService).list({ limit: 1, after }));
const peopleMarker = async (): Promise<string> =>
  (await office.in(() => rooms.get(PeopleService).list({ limit: 1 }))).next ?? '';

const REFUSED = { status: 400, code: 'request.bad-cursor' };

describe('a page marker', () => {
  it('leads on in the list and the scope that gave it', async () => {
    const { items, next } = await people(office, await peopleMarker());
    expect(items).toMatchObject([{ signInName: `bo@${office.domain}` }]);
    expect(next).toBeNull();
  });

  it('is refused to a sibling tenant and to the reseller above', async () => {
    const marker = await peopleMarker();
    await expect(people(sibling, marker)).rejects.toMatchObject(REFUSED);
    await expect(
      rooms.as(seller.scope, () => rooms.get(PeopleService).list({ limit: 1, after: marker })),
    ).rejects.toMatchObject(REFUSED);
  });

  it('is refused by every other list, whatever that list sorts by', async () => {
    const marker = await peopleMarker();
    const [mailbox] = (await office.in(() => rooms.get(MailboxesService).list({ limit: 1 }))).items;
    await expect(
      office.in(() => rooms.get(AddressesService).list(mailbox?.id ?? '', { limit: 1, after: marker })),
    ).rejects.toMatchObject(REFUSED);
    const tenants = await rooms.as(seller.scope, () => rooms.get(TenantsService).list({ limit: 1 }));
    await expect(
      rooms.as(seller.scope, () =>
        rooms.get(PeopleService).list({ limit: 1, after: tenants.next ?? 'none' }),
      ),
    ).rejects.toMatchObject(REFUSED);
  });

  it('is refused when anything in it is changed, cut off or added', async () => {
    const marker = await peopleMarker();
    const [text = '', seal = ''] = marker.split('.');
    const other = Buffer.from(JSON.stringify([seller.planId])).toString('base64url');
    for (const edited of [
      `${other}.${seal}`,
      text,
      `${text}.`,
      `.${seal}`,
      `${marker}A`,
      `${marker}.`,
      seal,
      'x',
      '.',
    ])
      await expect(people(office, edited), edited).rejects.toMatchObject(REFUSED);
  });
});
