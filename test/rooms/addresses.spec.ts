import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddAddress } from '../../src/addresses/addresses.schemas.js';
import { AddressesService } from '../../src/addresses/addresses.service.js';
import { MailboxClosingService } from '../../src/mailboxes/lifecycle/mailbox-closing.service.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice, verifyDomain } from './offices.js';
import { CONTENT, openSeller, type Seller } from './sellers.js';

const missing = { status: 404, code: 'request.not-found' };

let rooms: Rooms;
let seller: Seller;
let office: Office;
let addresses: AddressesService;

beforeAll(async () => {
  rooms = await startRooms();
  seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 20);
  addresses = rooms.get(AddressesService);
});
afterAll(() => rooms.stop());

const alias = (localPart: string, wish: object = {}): AddAddress => ({
  kind: 'alias',
  domainId: office.domainId,
  localPart,
  receives: true,
  sends: true,
  ...wish,
});
const add = (mailboxId: string, wish: AddAddress) => office.in(() => addresses.add(mailboxId, wish));
const list = async (mailboxId: string) =>
  (await office.in(() => addresses.list(mailboxId, { limit: 50 }))).items;

describe('an alias', () => {
  it('reaches the mailbox on any verified domain of the account, and sends only when it may', async () => {
    const { id } = await office.open('ana');
    const second = await verifyDomain(rooms, seller, office.scope, 'second.example');
    await add(id, alias('Sales'));
    await add(id, alias('news', { domainId: second, sends: false }));
    expect(await list(id)).toMatchObject([
      { address: `ana@${office.domain}`, kind: 'primary', receives: true, sends: true },
      { address: 'news@second.example', kind: 'alias', receives: true, sends: false },
      { address: `sales@${office.domain}`, kind: 'alias', receives: true, sends: true },
    ]);
  });

  it('gives 409 while its domain is unproven and 404 on the domain of another account', async () => {
    const { id } = await office.open('bo');
    const claimed = await verifyDomain(rooms, seller, office.scope, 'unproven.example', 'claimed');
    const other = await openOffice(rooms, seller, 1);
    await expect(add(id, alias('x', { domainId: claimed }))).rejects.toMatchObject({
      code: 'domain.not-verified',
    });
    await expect(add(id, alias('x', { domainId: other.domainId }))).rejects.toMatchObject(missing);
  });

  it('is one of at most what the plan allows, also when added at once', async () => {
    const { id } = await office.open('many');
    const wishes = Array.from({ length: 15 }, (_, index) => add(id, alias(`many${index}`)));
    const outcomes = await Promise.allSettled(wishes);
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as object);
    expect(refused).toHaveLength(15 - CONTENT.aliasesPerMailbox);
    for (const refusal of refused) expect(refusal).toMatchObject({ status: 422, code: 'address.too-many' });
  });

  it('is nobody else’s, neither as an alias nor as a main address', async () => {
    const [first, second] = [await office.open('first'), await office.open('second')];
    await add(first.id, alias('team'));
    for (const name of ['team', 'first'])
      await expect(add(second.id, alias(name))).rejects.toMatchObject({ status: 409, code: 'address.taken' });
    await expect(office.open('team')).rejects.toMatchObject({ status: 409, code: 'mailbox.address-taken' });
  });

  it('may be postmaster or abuse, and no other reserved name', async () => {
    const { id } = await office.open('keeper');
    for (const name of ['postmaster', 'abuse']) await add(id, alias(name));
    for (const name of ['root', 'hostmaster', 'noreply'])
      await expect(add(id, alias(name))).rejects.toMatchObject({ status: 422, code: 'address.reserved' });
    await expect(add(id, alias('a+b'))).rejects.toMatchObject({ status: 422, code: 'address.invalid' });
  });

  it('goes away when removed, and is free then', async () => {
    const { id } = await office.open('mover');
    const added = await add(id, alias('moving'));
    await office.in(() => addresses.remove(id, added.id));
    expect(await list(id)).toHaveLength(1);
    await expect(office.open('moving')).resolves.toMatchObject({ address: `moving@${office.domain}` });
  });
});

describe('a catch-all', () => {
  it('takes the unknown names of a domain for one mailbox and never sends', async () => {
    const [first, second] = [await office.open('catcher'), await office.open('other')];
    const wish = { kind: 'catch_all', domainId: office.domainId } as const;
    expect(await add(first.id, wish)).toMatchObject({
      address: `@${office.domain}`,
      receives: true,
      sends: false,
    });
    for (const { id } of [first, second])
      await expect(add(id, wish)).rejects.toMatchObject({ status: 409, code: 'address.catch-all-taken' });
  });

  it('is not counted among the aliases', async () => {
    const own = await verifyDomain(rooms, seller, office.scope, 'third.example');
    const { id } = await office.open('full');
    for (let index = 0; index < CONTENT.aliasesPerMailbox; index += 1) await add(id, alias(`full${index}`));
    await expect(add(id, { kind: 'catch_all', domainId: own })).resolves.toMatchObject({ kind: 'catch_all' });
  });
});

describe('the main address', () => {
  it('cannot be removed', async () => {
    const { id } = await office.open('main');
    const [main] = await list(id);
    await expect(office.in(() => addresses.remove(id, main?.id ?? ''))).rejects.toMatchObject({
      status: 422,
      code: 'address.primary',
    });
  });
});

describe('addresses of a mailbox', () => {
  it('are not added to a closed mailbox, and are missing on one of another account', async () => {
    const { id } = await office.open('closing');
    await office.in(() => rooms.get(MailboxClosingService).close(id));
    await expect(add(id, alias('late'))).rejects.toMatchObject({ code: 'address.mailbox-closed' });
    const other = await openOffice(rooms, seller, 1);
    const theirs = await other.open('ana');
    await expect(add(theirs.id, alias('mine'))).rejects.toMatchObject(missing);
    await expect(list(theirs.id)).rejects.toMatchObject(missing);
    const [main] = (await other.in(() => addresses.list(theirs.id, { limit: 5 }))).items;
    await expect(office.in(() => addresses.remove(theirs.id, main?.id ?? ''))).rejects.toMatchObject(missing);
  });
});
