import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'pg';
import { EngineNode, truthSums, waitForEqual, waitUntil } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { addAppPassword, openMailboxes, restrict, seedTenant, type SeededTenant } from './tenant-rows.js';

let postgres: ThrowAwayPostgres;
let db: Client;
let node: EngineNode;
let seeded: SeededTenant;

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  seeded = await seedTenant(db);
  await openMailboxes(db, seeded, 20);
  node = await EngineNode.make(postgres);
  await node.start();
  await waitForEqual(node, db);
});

afterAll(async () => {
  await node?.remove();
  await db?.end();
  await postgres?.remove();
});

describe('following the feed', () => {
  it('shows a new address within a second of the commit, as a rule within milliseconds', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      await openMailboxes(db, seeded, 1, `fresh${n}-`);
      waits.push(await waitUntil(() => node.hasAddress(`fresh${n}-1@one.example`)));
    }
    waits.sort((a, b) => a - b);
    expect(waits[50]).toBeLessThan(250);
    expect(waits[98]).toBeLessThan(1_000);
  });

  it('moves an address from one row to another, in either order of their ids', async () => {
    const [one, other] = await openMailboxes(db, seeded, 2, 'swap');
    await db.query('begin');
    await db.query(`update mailbox set address = 'x@one.example' where id = $1`, [one]);
    await db.query(`update mailbox set address = 'swap1@one.example' where id = $1`, [other]);
    await db.query(`update mailbox set address = 'swap2@one.example' where id = $1`, [one]);
    await db.query('commit');
    await waitForEqual(node, db);
    expect(node.ask('auth', 'select id from mailbox where address = ?', 'swap1@one.example')).toEqual([
      { id: other },
    ]);
  });

  it('takes everything of a domain away when its proof is gone, and brings it back', async () => {
    const second = await seedTenant(db, 'two.example');
    const [mailbox] = await openMailboxes(db, second, 5);
    await addAppPassword(db, mailbox!, 'a'.repeat(64));
    await waitForEqual(node, db);
    expect(node.hasAddress('u1@two.example')).toBe(true);
    await db.query(`update domain set state = 'released' where id = $1`, [second.domainId]);
    await waitUntil(() => !node.hasAddress('u1@two.example'));
    await waitForEqual(node, db);
    expect(node.count('auth', 'credential')).toBe(0);
    await db.query(`update domain set state = 'verified' where id = $1`, [second.domainId]);
    await waitForEqual(node, db);
    expect(node.count('auth', 'credential')).toBe(1);
  });

  it('suspends a whole tenant by one row', async () => {
    const third = await seedTenant(db, 'three.example');
    await openMailboxes(db, third, 3);
    await restrict(db, third, 'tenant', third.tenantId);
    await waitForEqual(node, db);
    const rows = node.ask<{ may_send: number }>(
      'route',
      'select may_send from tenant where id = ?',
      third.tenantId,
    );
    expect(rows).toEqual([{ may_send: 0 }]);
    expect(node.ask('auth', 'select 1 from meta where key = ?', 'revocation:*@three.example')).toHaveLength(
      1,
    );
  });

  it('catches up after it was stopped', async () => {
    await node.stop();
    await openMailboxes(db, seeded, 2_000, 'while-away');
    await db.query(`delete from address where address like 'fresh1%'`);
    await node.start();
    await waitForEqual(node, db);
    expect(node.hasAddress('while-away2000@one.example')).toBe(true);
    expect(node.hasAddress('fresh1-1@one.example')).toBe(false);
  });

  it('leaves its files whole and readable when it stops', async () => {
    await node.stop();
    expect(node.hasAddress('while-away1@one.example')).toBe(true);
    await node.start();
    await waitForEqual(node, db);
  });

  it('reads one transaction of 20,000 rows that is larger than a page', async () => {
    await openMailboxes(db, seeded, 10_000, 'bulk');
    expect(await waitForEqual(node, db, 60_000)).toBeLessThan(30_000);
  });

  it('finds changes by looking when notices are lost', async () => {
    const deaf = await EngineNode.make(postgres, { listen: false });
    await deaf.start();
    await waitForEqual(deaf, db);
    await openMailboxes(db, seeded, 1, 'unheard');
    const ms = await waitUntil(() => deaf.hasAddress('unheard1@one.example'), 5_000);
    expect(ms).toBeLessThan(2_500);
    await deaf.remove();
  });

  it('gives two nodes the same rows', async () => {
    const twin = await EngineNode.make(postgres);
    await twin.start();
    await openMailboxes(db, seeded, 50, 'twin');
    await Promise.all([waitForEqual(node, db), waitForEqual(twin, db)]);
    expect(twin.sums()).toBe(node.sums());
    expect(twin.sums()).toBe(await truthSums(db));
    await twin.remove();
  });
});
