import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineNode, outrun, waitForEqual, waitUntil } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { openMailboxes, seedTenant } from './tenant-rows.js';

const MAILBOXES = 100_000;
const TIME_LIMIT_MS = 120_000;

let postgres: ThrowAwayPostgres;
let db: Client;
let node: EngineNode;

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  node = await EngineNode.make(postgres);
  await node.start();
});

afterAll(async () => {
  await node?.remove();
  await db?.end();
  await postgres?.remove();
});

/** Long tier: figures go to the report of the run, `vitest run --reporter=verbose`. */
describe('a large directory', () => {
  it('follows one transaction of 200,000 rows', async ({ annotate }) => {
    await openMailboxes(db, await seedTenant(db), MAILBOXES);
    const ms = await waitUntil(() => node.hasAddress(`u${MAILBOXES}@one.example`), TIME_LIMIT_MS);
    await annotate(`200,000 rows in one transaction: ${Math.round(ms)} ms after the commit`);
    await waitForEqual(node, db, TIME_LIMIT_MS);
    expect(node.count('auth', 'mailbox')).toBe(MAILBOXES);
  });

  it('is built anew', async ({ annotate }) => {
    await node.stop();
    await outrun(db);
    const { generation } = node.keeper.pair!;
    const startedAt = performance.now();
    await node.start();
    await waitUntil(() => (node.keeper.pair?.generation ?? 0) > generation, TIME_LIMIT_MS);
    await annotate(`200,000 rows rebuilt in ${Math.round(performance.now() - startedAt)} ms`);
    await waitForEqual(node, db, TIME_LIMIT_MS);
  });

  it('takes a change while it is compared with Postgres', async ({ annotate }) => {
    const waits: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      if (n % 20 === 0) node.follower.compareSoon();
      await db.query(`update address set address = $1 where address = $2`, [
        `renamed${n}@one.example`,
        `u${n + 1}@one.example`,
      ]);
      waits.push(await waitUntil(() => node.hasAddress(`renamed${n}@one.example`)));
    }
    waits.sort((a, b) => a - b);
    await annotate(`change to file: p50 ${waits[50]?.toFixed(1)} ms, p99 ${waits[98]?.toFixed(1)} ms`);
    expect(waits[98]).toBeLessThan(5_000);
  });
});
