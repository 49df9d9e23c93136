import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppPasswordsService } from '../../src/app-passwords/app-passwords.service.js';
import { domainVerified } from '../../src/domains/domains.events.js';
import { mailboxFilled, mailboxPurged } from '../../src/mailboxes/mailboxes.events.js';
import type { MailboxView } from '../../src/mailboxes/mailboxes.schemas.js';
import { NoticesSender } from '../../src/notices/notices.sender.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { Deliveries } from '../../src/platform/events/deliveries.js';
import type { EventType } from '../../src/platform/events/event.js';
import { Events } from '../../src/platform/events/events.js';
import type { Delivery } from '../../src/platform/events/queue.js';
import { Relay } from '../../src/platform/events/relay.js';
import type { Scope } from '../../src/platform/tenancy/scope.js';
import { WorkerModule } from '../../src/platform/worker.module.js';
import { dkimKeyMade } from '../../src/zones/zones.events.js';
import { FakeNotices } from '../contracts/fake-notices.js';
import { type Rooms, startRooms } from './harness.js';
import { measure, type Office, openOffice } from './offices.js';
import { FakeQueues } from './queues.js';
import { openSeller, type Seller } from './sellers.js';

const FORGOTTEN_MS = 121_000;
const PERCENT = 80;

let rooms: Rooms;
let seller: Seller;
let office: Office;
let sibling: Office;
let stranger: Office;
let full: MailboxView;
const queues = new FakeQueues();
const notices = new FakeNotices();

beforeAll(async () => {
  rooms = await startRooms([queues.replacement, { token: NoticesSender, value: notices }], [WorkerModule]);
  seller = await openSeller(rooms);
  [office, sibling] = [await openOffice(rooms, seller, 9), await openOffice(rooms, seller, 9)];
  stranger = await openOffice(rooms, await openSeller(rooms), 9);
  full = await office.open('full', { quotaBytes: 100_000_000 });
  await measure(rooms, full, PERCENT * 1_000_000);
  await rooms.sql('update mailbox_usage set warned_percent = $1', [PERCENT]);
});
afterAll(() => rooms.stop());
beforeEach(async () => {
  queues.onAdd = async () => {};
  queues.take();
  notices.sent.length = 0;
  notices.accept();
  await rooms.sql('delete from outbox');
});

/** Records an event and relays it; answers the deliveries that are queued for it. */
const happen = async <Payload>(
  scope: Scope,
  type: EventType<Payload>,
  payload: Payload,
): Promise<Delivery[]> => {
  await record(scope, type, payload);
  await rooms.get(Relay).pass();
  return queues.take();
};

const record = <Payload>(scope: Scope, type: EventType<Payload>, payload: Payload): Promise<void> =>
  rooms.as(scope, () => rooms.get(TenantDb).transaction((db) => rooms.get(Events).record(db, type, payload)));

const deliver = (data: Delivery): Promise<void> => rooms.get(Deliveries).deliver({ data });

/** Delivers one after the other; answers what was thrown. */
const deliverAll = async (deliveries: readonly Delivery[]): Promise<unknown[]> => {
  const thrown: unknown[] = [];
  for (const delivery of deliveries) await deliver(delivery).catch((fault: unknown) => thrown.push(fault));
  return thrown;
};

const unsettled = async (): Promise<number> => {
  const rows = await rooms.sql('select 1 from inbox where settled_at is null');
  return rows.length;
};

const filled = () => ({ mailboxId: full.id, percent: PERCENT, crossingId: full.id });

/** A fingerprint of everything that belongs to an office. */
const fingerprint = async ({ scope }: Office): Promise<string[]> => {
  const tables = ['domain', 'dkim_key', 'mailbox', 'address', 'app_password', 'person', 'seat_pool'];
  const sums = tables.map(async (table) => {
    const [row] = await rooms.sql<{ sum: string }>(
      `select '${table} ' || coalesce(md5(string_agg(t::text, ' ' order by t.id)), '-') as sum from ${table} t
       where tenant_id = $1`,
      [scope.tenantId],
    );
    return row?.sum ?? '';
  });
  return Promise.all(sums);
};

describe('an event of one tenant that names what is another’s', () => {
  it('takes no credential from the other, whether of the same reseller or of another', async () => {
    for (const victim of [sibling, stranger]) {
      const mailbox = await victim.open('kept');
      await victim.in(() =>
        rooms.get(AppPasswordsService).create(mailbox.id, { name: 'phone', scopes: ['imap'] }),
      );
      const before = await fingerprint(victim);
      const queued = await happen(office.scope, mailboxPurged, { mailboxId: mailbox.id });
      expect(queued).toHaveLength(1);
      expect(await deliverAll(queued)).toEqual([]);
      expect(await fingerprint(victim)).toEqual(before);
    }
  });

  it('makes no signing key for the other’s domain, and the other still gets its own', async () => {
    for (const victim of [sibling, stranger]) {
      const event = { domainId: victim.domainId, brandId: seller.brandId };
      await deliverAll(await happen(office.scope, domainVerified, event));
      const keysOf = () =>
        rooms.sql<{ tenant_id: string }>('select tenant_id from dkim_key where domain_id = $1', [
          victim.domainId,
        ]);
      expect(await keysOf()).toEqual([]);
      expect(await deliverAll(await happen(victim.scope, domainVerified, event))).toEqual([]);
      expect(await keysOf()).toEqual([{ tenant_id: victim.scope.tenantId }]);
    }
  });

  it('sends no letter about a mailbox of another reseller’s tenant', async () => {
    expect(await deliverAll(await happen(stranger.scope, mailboxFilled, filled()))).toEqual([]);
    expect(notices.sent).toEqual([]);
  });

  it('refuses to publish the zone of another reseller’s brand, once and for all', async () => {
    const event = { domainId: office.domainId, brandId: seller.brandId };
    const queued = await happen(stranger.scope, dkimKeyMade, event);
    expect(await deliverAll(queued)).toEqual([expect.any(UnrecoverableError)]);
    expect(await unsettled()).toBe(0);
  });
});

describe('a job', () => {
  it('brings nothing but the name of a delivery: what else it says is not read', async () => {
    const [delivery] = await happen(stranger.scope, mailboxFilled, filled());
    const forged = { ...delivery, tenantId: office.scope.tenantId, resellerId: seller.scope.resellerId };
    await deliver({ ...forged, payload: filled() } as unknown as Delivery);
    expect(notices.sent).toEqual([]);
  });

  it('is refused when it names a listener of another event, or no event', async () => {
    const [purge] = await happen(office.scope, mailboxPurged, { mailboxId: full.id });
    const [tell] = await happen(office.scope, mailboxFilled, filled());
    if (!purge || !tell) throw new Error('Both have a listener.');
    for (const forged of [
      { eventId: purge.eventId, listener: tell.listener },
      { eventId: full.id, listener: tell.listener },
    ])
      await expect(deliver(forged)).rejects.toBeInstanceOf(UnrecoverableError);
    expect(notices.sent).toEqual([]);
  });
});

describe('a delivery', () => {
  /** Until so many transactions wait for a row of the inbox. */
  const untilWaiting = (count: number): Promise<void> =>
    expect
      .poll(
        async () =>
          (
            await rooms.sql(
              `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            )
          ).length,
        { timeout: 10_000 },
      )
      .toBe(count);

  it('that is taken before the relay has committed waits for it, and takes effect once', async () => {
    await record(office.scope, mailboxFilled, filled());
    let racing: Promise<void[]> = Promise.resolve([]);
    queues.onAdd = async (deliveries) => {
      racing = Promise.all(deliveries.map(deliver));
      await untilWaiting(deliveries.length);
      expect(notices.sent).toEqual([]);
    };
    await rooms.get(Relay).pass();
    await racing;
    expect(notices.sent).toHaveLength(1);
    expect(await unsettled()).toBe(0);
  });

  it('that ran although the relay could not commit does not take effect again when it is relayed again', async () => {
    await record(office.scope, mailboxFilled, filled());
    let racing: Promise<void[]> = Promise.resolve([]);
    queues.onAdd = async (deliveries) => {
      racing = Promise.all(deliveries.map(deliver));
      await untilWaiting(deliveries.length);
      throw new Error('Redis went away');
    };
    await expect(rooms.get(Relay).pass()).rejects.toThrow('Redis went away');
    await racing;
    queues.onAdd = async () => {};
    queues.take();
    await rooms.get(Relay).pass();
    const again = queues.take();
    expect(again.length).toBeGreaterThan(0);
    expect(await deliverAll(again)).toEqual([]);
    expect(notices.sent).toHaveLength(1);
    expect(await unsettled()).toBe(0);
  });

  it('that Redis has lost is queued again after two minutes, then hourly, until it is settled', async () => {
    const lost = await happen(office.scope, mailboxFilled, filled());
    const remindIn = async (ms: number): Promise<Delivery[]> => {
      await rooms.get(Relay).remind(new Date(Date.now() + ms));
      return queues.take();
    };
    expect(await remindIn(60_000)).toEqual([]);
    expect(await remindIn(FORGOTTEN_MS)).toEqual(expect.arrayContaining(lost));
    expect(await remindIn(FORGOTTEN_MS)).toEqual([]);
    const again = await remindIn(3_600_000 + FORGOTTEN_MS);
    expect(again).toHaveLength(lost.length);
    expect(await deliverAll(again)).toEqual([]);
    expect(notices.sent).toHaveLength(1);
    expect(await remindIn(3 * 3_600_000)).toEqual([]);
  });

  it('that is run several times at once takes effect once', async () => {
    const queued = await happen(office.scope, mailboxFilled, filled());
    await Promise.all(
      Array.from({ length: 5 }, () => queued)
        .flat()
        .map(deliver),
    );
    expect(notices.sent).toHaveLength(1);
    expect(await unsettled()).toBe(0);
  });

  it('whose listener fails stays open and takes effect when it is tried again', async () => {
    notices.refuse(full.address);
    const queued = await happen(office.scope, mailboxFilled, filled());
    const failed = await deliverAll(queued);
    expect(failed).toEqual([expect.objectContaining({ message: expect.stringContaining('does not take') })]);
    expect(failed[0]).not.toBeInstanceOf(UnrecoverableError);
    expect(await unsettled()).toBe(1);
    notices.accept();
    expect(await deliverAll(queued)).toEqual([]);
    expect(notices.sent).toHaveLength(1);
    expect(await unsettled()).toBe(0);
  });

  it('that is refused is settled, and nobody is reminded of it', async () => {
    const event = { domainId: office.domainId, brandId: office.domainId };
    const refused = await deliverAll(await happen(office.scope, dkimKeyMade, event));
    expect(refused).toEqual([expect.any(UnrecoverableError)]);
    expect(await unsettled()).toBe(0);
    await rooms.get(Relay).remind(new Date(Date.now() + 3 * 3_600_000));
    expect(queues.take()).toEqual([]);
  });
});
