import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/config/clock.js';
import { Configuration } from '../platform/config/config.module.js';
import { DatabaseFitness } from '../platform/database/database-fitness.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { asOperator } from '../platform/schedules/sweep.js';
import type { Call, Command } from './command.js';

interface Finding {
  readonly what: string;
  /** Null when all is well, otherwise what to do. */
  readonly mend: string | null;
}

const SILENT_MS = 60_000;

/** Looks at everything the platform stands on and says what to do about what it finds. Exit code 1 when it finds any. */
export const doctor: Command = {
  words: 'doctor',
  does: 'Checks configuration, database, queue and engine nodes, and says what to do.',
  options: {},
  async run(call: Call) {
    const rooms = await call.rooms();
    const find = <T>(token: abstract new (...parts: never[]) => T): T => rooms.get(token, { strict: false });
    const findings = [
      { what: 'configuration', mend: null },
      await databaseClock(find(DataSource), find(Clock)),
      await tables(find(DatabaseFitness)),
      await queue(find(Configuration)),
      ...(await nodes(find(TenantDb), find(Clock))),
    ];
    for (const { what, mend } of findings)
      call.print(mend === null ? `ok    ${what}` : `MEND  ${what}: ${mend}`);
    if (findings.some(({ mend }) => mend !== null)) process.exitCode = 1;
  },
};

const databaseClock = async (source: DataSource, clock: Clock): Promise<Finding> => {
  const [row] = await source.query<{ now: Date }[]>('select clock_timestamp() as now');
  const apartMs = Math.abs((row?.now.getTime() ?? 0) - clock.now().getTime());
  const mend =
    apartMs < 2_000 ? null : `its clock is ${apartMs} ms away from this one. Run a time service on both.`;
  return { what: 'database', mend };
};

const tables = async (fitness: DatabaseFitness): Promise<Finding> => {
  const { ready, why } = await fitness.schemaReadiness();
  return { what: 'tables', mend: ready ? null : (why ?? 'they are not as this version needs them.') };
};

const queue = async (configuration: Configuration): Promise<Finding> => {
  const redis = new Redis(configuration.REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  try {
    await redis.connect();
    await redis.select(redis.options.db ?? 0);
    const policy = await redis.config('GET', 'maxmemory-policy');
    const kept = Array.isArray(policy) && policy[1] === 'noeviction';
    return { what: 'queue', mend: kept ? null : 'set maxmemory-policy to noeviction, or jobs may vanish.' };
  } catch (fault) {
    return { what: 'queue', mend: `Redis does not answer (${String(fault)}). Mail goes on; jobs wait.` };
  } finally {
    redis.disconnect();
  }
};

interface NodeRow {
  readonly name: string;
  readonly seen_at: Date;
}

const nodes = async (db: TenantDb, clock: Clock): Promise<Finding[]> => {
  const rows = await asOperator('doctor', () =>
    db.transaction((open) => open.query<NodeRow[]>('select name, seen_at from directory.node order by name')),
  );
  if (rows.length === 0)
    return [{ what: 'engine nodes', mend: 'none has reported yet. Start an agent beside the mail engine.' }];
  return rows.map(({ name, seen_at: seenAt }) => {
    const silentMs = clock.now().getTime() - seenAt.getTime();
    const mend =
      silentMs < SILENT_MS
        ? null
        : `silent since ${seenAt.toISOString()}. Its mail goes on as of then; start its agent again.`;
    return { what: `engine node ${name}`, mend };
  });
};
