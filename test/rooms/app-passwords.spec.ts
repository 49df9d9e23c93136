import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppPasswordsService } from '../../src/app-passwords/app-passwords.service.js';
import { PurgedMailboxListener } from '../../src/app-passwords/purged-mailbox.listener.js';
import { MailboxClosingService } from '../../src/mailboxes/lifecycle/mailbox-closing.service.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice } from './offices.js';
import { openSeller } from './sellers.js';

const missing = { status: 404, code: 'request.not-found' };

let rooms: Rooms;
let office: Office;
let other: Office;
let appPasswords: AppPasswordsService;

beforeAll(async () => {
  rooms = await startRooms();
  const seller = await openSeller(rooms);
  office = await openOffice(rooms, seller, 20);
  other = await openOffice(rooms, seller, 1);
  appPasswords = rooms.get(AppPasswordsService);
});
afterAll(() => rooms.stop());

const create = (mailboxId: string, name = 'Phone') =>
  office.in(() => appPasswords.create(mailboxId, { name, scopes: ['imap', 'smtp'] }));
const list = async (mailboxId: string, limit = 50) =>
  (await office.in(() => appPasswords.list(mailboxId, { limit }))).items;
const digests = (mailboxId: string) =>
  rooms.sql<{ digest: string }>('select digest from app_password where mailbox_id = $1', [mailboxId]);

describe('an app password', () => {
  it('is shown once, and only the SHA-256 of what is typed is kept', async () => {
    const { id } = await office.open('ana');
    const made = await create(id);
    expect(made.groups.join('')).toBe(made.password);
    expect(await digests(id)).toEqual([{ digest: createHash('sha256').update(made.password).digest('hex') }]);
    const [listed] = await list(id);
    expect(listed).toEqual({
      id: made.id,
      name: 'Phone',
      scopes: ['imap', 'smtp'],
      createdAt: made.createdAt,
    });
  });

  it('reaches engine nodes with its scopes, and leaves them when revoked', async () => {
    const { id } = await office.open('bo');
    const made = await create(id);
    const fed = () => rooms.sql('select scopes from directory.credential where id = $1', [made.id]);
    expect(await fed()).toEqual([{ scopes: ',imap,smtp,' }]);
    await office.in(() => appPasswords.revoke(id, made.id));
    await office.in(() => appPasswords.revoke(id, made.id));
    expect(await fed()).toEqual([]);
    expect(await list(id)).toEqual([]);
  });

  it('is one of at most 25 in force, also when created at once', async () => {
    const { id } = await office.open('many');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => create(id, `P${index}`)),
    );
    const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason as object);
    expect(refused).toHaveLength(5);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ status: 422, code: 'app-password.too-many' });
    const [oldest] = await list(id, 1);
    await office.in(() => appPasswords.revoke(id, oldest?.id ?? ''));
    await expect(create(id)).resolves.toMatchObject({ name: 'Phone' });
  });

  it('is refused for a shared mailbox and for a closed one', async () => {
    const shared = await office.open('desk', { kind: 'shared' });
    await expect(create(shared.id)).rejects.toMatchObject({
      status: 422,
      code: 'app-password.shared-mailbox',
    });
    const { id } = await office.open('left');
    await office.in(() => rooms.get(MailboxClosingService).close(id));
    await expect(create(id)).rejects.toMatchObject({ status: 409, code: 'mailbox.closed' });
  });

  it('is missing on the mailbox of another account, to create, to list and to revoke', async () => {
    const theirs = await other.open('ana');
    const made = await other.in(() => appPasswords.create(theirs.id, { name: 'Theirs', scopes: ['imap'] }));
    await expect(create(theirs.id)).rejects.toMatchObject(missing);
    await expect(list(theirs.id)).rejects.toMatchObject(missing);
    await expect(office.in(() => appPasswords.revoke(theirs.id, made.id))).rejects.toMatchObject(missing);
  });

  it('does not outlive its mailbox', async () => {
    const { id } = await office.open('gone');
    await create(id);
    await office.in(() => rooms.get(PurgedMailboxListener).removeAppPasswords({ mailboxId: id }));
    expect(await digests(id)).toEqual([]);
  });
});
