import { readlinkSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metrics } from '../../src/platform/operations/operations-server.js';
import { EngineNode, waitForEqual, waitUntil } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { openMailboxes, seedTenant, type SeededTenant } from './tenant-rows.js';

let postgres: ThrowAwayPostgres;
let db: Client;
let node: EngineNode;
let seeded: SeededTenant;

const generation = (): string => readlinkSync(path.join(node.folder, 'route', 'current.sqlite'));

const rebuildsFor = async (reason: string): Promise<number> => {
  const found = await metrics.getSingleMetric('livery_directory_rebuilds_total')!.get();
  return found.values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;
};

/** Uses up transaction numbers, so that positions lie apart as they do in a database that lives. */
const spendXids = async (count: number): Promise<void> => {
  await db.query(
    `do $$ begin for n in 1..${count} loop perform pg_current_xact_id(); commit; end loop; end $$`,
  );
};

beforeEach(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  seeded = await seedTenant(db);
  await openMailboxes(db, seeded, 100);
  node = await EngineNode.make(postgres);
  await node.start();
  await waitForEqual(node, db);
});

afterEach(async () => {
  await node?.remove();
  await db?.end();
  await postgres?.remove();
});

const restart = async (change: () => Promise<void>): Promise<void> => {
  await db.end();
  await postgres.down();
  await change();
  await postgres.up();
  db = await postgres.connect();
};

describe('a Postgres that is not the one it was', () => {
  it('is an older one, restored: the directory is built anew from it', async () => {
    const before = generation();
    await restart(() => postgres.copy());
    await openMailboxes(db, seeded, 50, 'forgotten');
    await spendXids(500);
    await waitForEqual(node, db);
    await pause(1_100);
    await openMailboxes(db, seeded, 1, 'last');
    await waitForEqual(node, db);
    await restart(() => postgres.restore());
    await waitForEqual(node, db);
    expect(node.hasAddress('forgotten1@one.example')).toBe(false);
    expect(generation()).not.toBe(before);
    expect(await rebuildsFor('older server')).toBe(1);
    expect(node.reloads.length).toBe(2);
    await waitUntil(() => !readdirSync(path.join(node.folder, 'auth')).includes(before));
  });

  it('is on another timeline: the directory is built anew', async () => {
    const before = generation();
    await restart(() => postgres.resetTimeline());
    await waitUntil(() => generation() !== before);
    await waitForEqual(node, db);
    expect(await rebuildsFor('other server')).toBe(1);
  });

  it('pruned what a silent node had not read: that node builds anew', async () => {
    await node.stop();
    await openMailboxes(db, seeded, 30, 'unread');
    await db.query('select directory.prune_feed()');
    const { rows } = await db.query('select count(*)::int as n from directory.feed');
    expect(rows[0].n).toBe(0);
    await node.start();
    await waitForEqual(node, db);
    expect(await rebuildsFor('pruned')).toBe(1);
  });

  it('keeps what a reporting node has not read', async () => {
    const { reportNode } = await import('../../src/agent/reports/node-report.js');
    const feed = await postgres.connect('livery_feed');
    await node.stop();
    await reportNode(feed, 'n1', node.follower.state!);
    await feed.end();
    await openMailboxes(db, seeded, 30, 'unread');
    await db.query('select directory.prune_feed()');
    const built = await rebuildsFor('pruned');
    await node.start();
    await waitForEqual(node, db);
    expect(node.hasAddress('unread30@one.example')).toBe(true);
    expect(await rebuildsFor('pruned')).toBe(built);
  });

  it('crashed and came back under load: nothing is lost and nothing is rebuilt', async () => {
    const before = generation();
    let stop = false;
    const write = async (seed: number): Promise<void> => {
      while (!stop) {
        const client = await postgres.connect().catch(() => null);
        if (client === null) {
          await pause(50);
          continue;
        }
        for (let n = 0; !stop; n += 1) {
          const name = `load${seed}-${Date.now()}-${n}-`;
          const done = await openMailboxes(client, seeded, 1, name).catch(() => null);
          if (done === null) break;
        }
        await client.end().catch(() => undefined);
      }
    };
    const writers = [0, 1, 2, 3].map(write);
    await pause(700);
    await db.end();
    await postgres.down('immediate');
    expect(node.hasAddress('u1@one.example')).toBe(true);
    await postgres.up();
    await pause(1_500);
    stop = true;
    await Promise.all(writers);
    db = await postgres.connect();
    await waitForEqual(node, db);
    expect(generation()).toBe(before);
  });
});
