import { afterAll, beforeAll, expect, it } from 'vitest';
import { mailboxFilled } from '../../src/mailboxes/mailboxes.events.js';
import { NoticesSender } from '../../src/notices/notices.sender.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { Deliveries } from '../../src/platform/events/deliveries.js';
import { Events } from '../../src/platform/events/events.js';
import { Relay } from '../../src/platform/events/relay.js';
import { WorkerModule } from '../../src/platform/worker.module.js';
import { FakeNotices } from '../contracts/fake-notices.js';
import { type Rooms, startRooms } from './harness.js';
import { measure, type Office, openOffice } from './offices.js';
import { startRedis, type ThrowAwayRedis } from './redis.js';
import { openSeller } from './sellers.js';

let redis: ThrowAwayRedis;
let rooms: Rooms;
let office: Office;
const notices = new FakeNotices();

beforeAll(async () => {
  redis = await startRedis();
  rooms = await startRooms([{ token: NoticesSender, value: notices }], [WorkerModule], redis.url);
  office = await openOffice(rooms, await openSeller(rooms), 3);
});
afterAll(async () => {
  await rooms?.get(Relay).loop.stop();
  await rooms?.get(Deliveries).stop();
  await rooms?.stop();
  await redis?.stop();
});

/** An event whose one effect is a letter to a mailbox of that name; answers the address. */
const fill = async (name: string): Promise<string> => {
  const mailbox = await office.open(name, { quotaBytes: 100_000_000 });
  await measure(rooms, mailbox, 85_000_000);
  await rooms.sql('update mailbox_usage set warned_percent = 80 where mailbox_id = $1', [mailbox.id]);
  await office.in(() =>
    rooms
      .get(TenantDb)
      .transaction((db) =>
        rooms
          .get(Events)
          .record(db, mailboxFilled, { mailboxId: mailbox.id, percent: 80, crossingId: mailbox.id }),
      ),
  );
  return mailbox.address;
};

const lettersTo = (address: string): number => notices.sent.filter(({ to }) => to.address === address).length;
const unsettled = async (): Promise<number> =>
  (await rooms.sql('select 1 from inbox where settled_at is null')).length;

it('tries a failing reaction again by itself until it works, and delivers what Redis has lost when reminded', async () => {
  const lost = await fill('lost');
  await rooms.get(Relay).pass();
  await redis.forget();
  rooms.get(Deliveries).start();
  await rooms.get(Relay).start();

  const failing = `failing@${office.domain}`;
  notices.refuse(failing);
  expect(await fill('failing')).toBe(failing);
  await expect.poll(unsettled, { timeout: 10_000 }).toBe(2 + 1);
  notices.accept();
  await expect.poll(() => lettersTo(failing), { timeout: 20_000 }).toBe(1);

  expect(lettersTo(lost)).toBe(0);
  await rooms.get(Relay).remind(new Date(Date.now() + 121_000));
  await expect.poll(() => lettersTo(lost), { timeout: 20_000 }).toBe(1);
  await expect.poll(unsettled, { timeout: 10_000 }).toBe(0);
  expect(notices.sent).toHaveLength(2);
});
