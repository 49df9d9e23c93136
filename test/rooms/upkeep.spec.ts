import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Upkeep } from '../../src/platform/schedules/upkeep.js';
import { WorkerModule } from '../../src/platform/worker.module.js';
import { type Rooms, startRooms } from './harness.js';
import { FakeQueues } from './queues.js';

let rooms: Rooms;
const queues = new FakeQueues();

beforeAll(async () => {
  rooms = await startRooms([queues.replacement], [WorkerModule]);
});
afterAll(() => rooms.stop());

const record = (daysAgo: number): Promise<unknown> =>
  rooms.sql(
    `insert into mail_event (at, id, node, kind, reseller_id, tenant_id)
     values (now() - $1 * interval '1 day', gen_random_uuid(), 'n', 'sent', null, null)`,
    [daysAgo],
  );

const ages = async (): Promise<number[]> => {
  const rows = await rooms.sql<{ days: number }>(
    `select extract(day from now() - at)::integer as days from mail_event order by at desc`,
  );
  return rows.map(({ days }) => days);
};

describe('the housekeeping of mail events', () => {
  it('keeps thirty days and drops what is older, also what came in too late for its day', async () => {
    for (const daysAgo of [0, 5, 29, 40, 400]) await record(daysAgo);
    await rooms.get(Upkeep).turnMailEventDays();
    expect(await ages()).toEqual([0, 5, 29]);
  });

  it('makes a partition for each of the coming days, guarded like the table', async () => {
    rooms.clock.advance(2 * 24 * 3_600_000);
    await rooms.get(Upkeep).turnMailEventDays();
    const parts = await rooms.sql<{ guarded: boolean }>(
      `select c.relrowsecurity and c.relforcerowsecurity as guarded from pg_inherits i
       join pg_class c on c.oid = i.inhrelid where i.inhparent = 'mail_event'::regclass`,
    );
    expect(parts.length).toBeGreaterThanOrEqual(6);
    expect(parts.every(({ guarded }) => guarded)).toBe(true);
  });
});
