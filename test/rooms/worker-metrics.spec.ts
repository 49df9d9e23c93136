import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { DatabaseFitness } from '../../src/platform/database/database-fitness.js';
import { Doors } from '../../src/platform/database/doors.js';
import { Deliveries } from '../../src/platform/events/deliveries.js';
import { Listeners } from '../../src/platform/events/listeners.js';
import { Queues } from '../../src/platform/events/queue.js';
import { Relay } from '../../src/platform/events/relay.js';
import { refuse } from '../../src/platform/http/http.errors.js';
import { metrics } from '../../src/platform/operations/operations-server.js';
import { Sweeps } from '../../src/platform/schedules/sweeps.js';
import { WorkerModule } from '../../src/platform/worker.module.js';
import { dkimKeyMade } from '../../src/zones/zones.events.js';
import { type Rooms, startRooms } from './harness.js';
import { startRedis, type ThrowAwayRedis } from './redis.js';

let rooms: Rooms;
let redis: ThrowAwayRedis;

beforeAll(async () => {
  redis = await startRedis();
  rooms = await startRooms([], [WorkerModule], redis.url);
});
afterAll(async () => {
  await rooms?.stop();
  await redis?.stop();
});
beforeEach(async () => {
  metrics.resetMetrics();
  vi.restoreAllMocks();
  await rooms.sql('delete from outbox');
});

/** The value of a series, or null when it is not shown. */
const valueOf = async (series: string): Promise<number | null> => {
  const text = await metrics.metrics();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length));
};

describe('the backlog', () => {
  it('counts what waits to be passed on, and tells how long the oldest has waited', async () => {
    expect(await valueOf('livery_outbox_waiting')).toBe(0);
    expect(await valueOf('livery_outbox_oldest_seconds')).toBe(0);
    for (const ageSeconds of [5, 90])
      await rooms.sql(
        `insert into outbox (id, reseller_id, tenant_id, name, payload, cause, recorded_at)
         values (gen_random_uuid(), null, null, 'suite.happened', '{}', 'test', now() - $1 * interval '1 second')`,
        [ageSeconds],
      );
    expect(await valueOf('livery_outbox_waiting')).toBe(2);
    const oldest = await valueOf('livery_outbox_oldest_seconds');
    expect(oldest).toBeGreaterThanOrEqual(90);
    expect(oldest).toBeLessThan(120);
    await rooms.get(Relay).pass();
    expect(await valueOf('livery_outbox_waiting')).toBe(0);
  });

  it('has no number while the database is away, and the other metrics are still shown', async () => {
    vi.spyOn(Doors.prototype, 'ask').mockRejectedValue(new Error('away'));
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await valueOf('livery_outbox_waiting')).toBeNull();
    expect(await metrics.metrics()).toContain('# TYPE livery_deliveries_total counter');
  });
});

describe('deliveries', () => {
  /** Delivers an event whose one listener does what is given. */
  const deliver = async (react: () => Promise<void>, eventId: string = randomUUID()): Promise<string> => {
    await rooms.sql(
      `insert into outbox (id, reseller_id, tenant_id, name, payload, cause, recorded_at) values ($1, null, null, $2, $3, 'test', now())
       on conflict do nothing`,
      [eventId, dkimKeyMade.name, { domainId: randomUUID(), brandId: randomUUID() }],
    );
    const listener = { name: 'Suite.react', eventName: dkimKeyMade.name, as: 'itself', react } as const;
    vi.spyOn(rooms.get(Listeners), 'find').mockReturnValue(listener);
    await rooms
      .get(Deliveries)
      .deliver({ data: { eventId, listener: listener.name } })
      .catch(() => undefined);
    return eventId;
  };

  const counted = async (): Promise<Record<string, number | null>> => {
    const outcomes = ['settled', 'repeated', 'refused', 'failed'];
    const values = outcomes.map((outcome) => valueOf(`livery_deliveries_total{outcome="${outcome}"}`));
    return Object.fromEntries((await Promise.all(values)).map((value, index) => [outcomes[index], value]));
  };

  it('are counted by what became of them', async () => {
    const eventId = await deliver(async () => undefined);
    expect(await counted()).toEqual({ settled: 1, repeated: null, refused: null, failed: null });
    await deliver(async () => undefined, eventId);
    await deliver(async () => Promise.reject(refuse.notFound()));
    await deliver(async () => Promise.reject(new Error('later')));
    expect(await counted()).toEqual({ settled: 1, repeated: 1, refused: 1, failed: 1 });
  });
});

describe('sweeps', () => {
  const failures = (): Promise<number | null> =>
    valueOf('livery_sweeps_total{name="answers",outcome="failed"}');

  it('are counted by name and outcome, and one that fails in the queue is logged', async () => {
    rooms.get(Sweeps).start();
    try {
      await rooms.get(Sweeps).run('answers');
      expect(await valueOf('livery_sweeps_total{name="answers",outcome="done"}')).toBeGreaterThan(0);
      let output = '';
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => (output += text.toString()) !== '');
      vi.spyOn(Doors.prototype, 'ask').mockRejectedValue(new Error('the door is stuck'));
      await expect(rooms.get(Sweeps).run('answers')).rejects.toThrow('the door is stuck');
      expect(await failures()).toBe(1);
      await rooms.get(Queues).sweeps.add('answers', {});
      await vi.waitFor(() => expect(output).toContain('The sweep answers failed'), { timeout: 10_000 });
      // The schedule's own first run may fail beside it.
      expect(await failures()).toBeGreaterThanOrEqual(2);
    } finally {
      await rooms.get(Sweeps).stop();
    }
  });
});

describe('readiness', () => {
  const source = (): DataSource => rooms.get(DataSource);

  it('of the worker is an answer of the database', async () => {
    expect(await rooms.get(DatabaseFitness).readiness()).toEqual({ ready: true });
    vi.spyOn(source(), 'query').mockRejectedValue(new Error('connection refused'));
    expect(await rooms.get(DatabaseFitness).readiness()).toEqual({
      ready: false,
      why: 'the database does not answer: Error: connection refused',
    });
  });

  it('of the web process waits also for tables as new as the process', async () => {
    const last = MIGRATIONS.at(-1)?.name;
    const fitness = new DatabaseFitness(source(), rooms.get(Doors));
    await rooms.sql('update migration set name = $2 where name = $1', [last, 'Suite1']);
    expect(await fitness.readiness()).toEqual({ ready: true });
    expect(await fitness.schemaReadiness()).toEqual({
      ready: false,
      why: expect.stringContaining(`missing: ${last}.`),
    });
    await rooms.sql('update migration set name = $1 where name = $2', [last, 'Suite1']);
    expect(await fitness.schemaReadiness()).toEqual({ ready: true });
  });

  it('of the web process is not given on tables from before they could tell', async () => {
    const fitness = new DatabaseFitness(source(), rooms.get(Doors));
    vi.spyOn(Doors.prototype, 'ask').mockRejectedValue(
      new Error('function door.migrations() does not exist'),
    );
    expect(await fitness.schemaReadiness()).toMatchObject({ ready: false });
  });

  it('of the web process ends with the database, also after the tables were seen', async () => {
    const fitness = new DatabaseFitness(source(), rooms.get(Doors));
    expect(await fitness.schemaReadiness()).toEqual({ ready: true });
    vi.spyOn(source(), 'query').mockRejectedValue(new Error('connection refused'));
    expect(await fitness.schemaReadiness()).toMatchObject({ ready: false });
  });
});
