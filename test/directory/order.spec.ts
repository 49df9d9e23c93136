import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGIN_ROUND, readPosition, readUnseen } from '../../src/agent/feed/feed-reading.js';
import { isSeen, seenBelow, type Snapshot } from '../../src/agent/feed/snapshot.js';
import { EngineNode, waitForEqual } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { openMailboxes, seedTenant } from './tenant-rows.js';

const WRITERS = 8;
const LOAD_MS = 5_000;

let postgres: ThrowAwayPostgres;
let db: Client;
let mailboxes: string[];

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  mailboxes = await openMailboxes(db, await seedTenant(db), 200);
});

afterAll(async () => {
  await db?.end();
  await postgres?.remove();
});

/** 5 % of the transactions are slow between their change and their commit, 10 % change their mind. */
const write = async (until: number, seed: number): Promise<void> => {
  const client = await postgres.connect();
  for (let n = seed; Date.now() < until; n += WRITERS) {
    await client.query('begin');
    await client.query('update mailbox set quota_bytes = $2 where id = $1', [
      mailboxes[n % 200],
      1_000_000 + n,
    ]);
    if (n % 20 === seed) await pause(50 + (n % 150));
    await client.query(n % 10 === 3 ? 'rollback' : 'commit');
  }
  await client.end();
};

const standBy = async (): Promise<void> => {
  const client = await postgres.connect();
  await client.query('begin');
  await client.query('select pg_current_xact_id()');
  await pause(2_000);
  await client.query('commit');
  await client.end();
};

/** The way that does not work: remember the highest number and ask for higher ones. */
const readNaively = async (until: () => boolean): Promise<Set<string>> => {
  const client = await postgres.connect('livery_feed');
  const seen = new Set<string>();
  let last = '0';
  while (!until()) {
    const { rows } = await client.query('select seq::text from directory.feed where seq > $1 order by seq', [
      last,
    ]);
    for (const { seq } of rows as { seq: string }[]) seen.add(seq);
    last = (rows.at(-1) as { seq: string } | undefined)?.seq ?? last;
    await pause(2);
  }
  await client.end();
  return seen;
};

const readEagerly = async (until: () => boolean): Promise<{ seen: Set<string>; twice: number }> => {
  const client = await postgres.connect('livery_feed');
  const seen = new Set<string>();
  let twice = 0;
  let position: Snapshot = seenBelow(0n);
  while (!until()) {
    await client.query(BEGIN_ROUND);
    const { snapshot } = await readPosition(client);
    for await (const page of readUnseen(client, position)) {
      for (const { seq } of page) {
        if (seen.has(seq)) twice += 1;
        seen.add(seq);
      }
    }
    await client.query('commit');
    expect(isSeen(snapshot.xmin - 1n, snapshot)).toBe(true);
    position = snapshot;
    await pause(2);
  }
  await client.end();
  return { seen, twice };
};

describe('order of commits against order of numbers', () => {
  it('loses changes when read by number, and none, nor any twice, when read by snapshot', async () => {
    const node = await EngineNode.make(postgres);
    await node.start();
    await waitForEqual(node, db);
    let done = false;
    const naive = readNaively(() => done);
    const eager = readEagerly(() => done);
    const until = Date.now() + LOAD_MS;
    await Promise.all([standBy(), ...Array.from({ length: WRITERS }, (_, seed) => write(until, seed))]);
    await waitForEqual(node, db);
    await pause(100);
    done = true;
    const { rows } = await db.query<{ seq: string }>('select seq::text from directory.feed');
    const lost = (seen: Set<string>) => rows.filter(({ seq }) => !seen.has(seq)).length;
    const read = await eager;
    expect(rows.length).toBeGreaterThan(500);
    expect(lost(await naive)).toBeGreaterThan(0);
    expect(lost(read.seen)).toBe(0);
    expect(read.twice).toBe(0);
    await node.remove();
  });

  it('shows a change at once although an older transaction is still open', async () => {
    const node = await EngineNode.make(postgres);
    await node.start();
    await waitForEqual(node, db);
    const bystander = await postgres.connect();
    await bystander.query('begin');
    await bystander.query(`update mailbox set quota_bytes = 77 where id = $1`, [mailboxes[0]]);
    await db.query('update mailbox set quota_bytes = 78 where id = $1', [mailboxes[1]]);
    expect(await waitForEqual(node, db)).toBeLessThan(900);
    const stored = BigInt(
      node.ask<{ value: string }>('route', `select value from meta where key = 'cursor'`)[0]!.value,
    );
    const { rows } = await bystander.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
    expect(stored).toBeLessThanOrEqual(BigInt(rows[0]!.xid));
    await bystander.query('commit');
    await bystander.end();
    await waitForEqual(node, db);
    expect(node.ask('auth', 'select quota_bytes as q from mailbox where id = ?', mailboxes[0]!)).toEqual([
      { q: 77 },
    ]);
    await node.remove();
  });
});
