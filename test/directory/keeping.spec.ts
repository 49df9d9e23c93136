import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeyPair, sealFor, unsealWith } from '#libs/secrets';
import { RevocationQueue } from '../../src/agent/revocation/revocations.js';
import { metrics } from '../../src/platform/operations/operations-server.js';
import { EngineNode, outrun, waitForEqual, waitUntil } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { addAppPassword, openMailboxes, restrict, seedTenant, type SeededTenant } from './tenant-rows.js';

const keys = makeKeyPair();
let postgres: ThrowAwayPostgres;
let db: Client;
let node: EngineNode;
let seeded: SeededTenant;
let mailboxes: string[];

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  seeded = await seedTenant(db);
  mailboxes = await openMailboxes(db, seeded, 300);
  node = await EngineNode.make(postgres, {
    unseal: (sealed, context) => unsealWith(keys.privateKey, sealed, context),
  });
  await node.start();
  await waitForEqual(node, db);
});

afterAll(async () => {
  await node?.remove();
  await db?.end();
  await postgres?.remove();
});

const repaired = async (): Promise<number> => {
  const found = await metrics.getSingleMetric('livery_directory_repaired_rows_total')!.get();
  return found.values.reduce((sum, { value }) => sum + value, 0);
};

describe('comparing with Postgres', () => {
  it('repairs rows that are missing, too many or altered, and counts them', async () => {
    const { route, auth } = node.keeper.pair!;
    route.db.prepare('delete from mailbox where id = ?').run(mailboxes[0]);
    route.db
      .prepare('update address set target = ?, digest = digest + 1 where mailbox_id = ?')
      .run('x', mailboxes[1]);
    auth.db
      .prepare(`insert into credential values ('01900000-0000-7000-8000-000000000001', ?, 'ff', ',imap,', 5)`)
      .run(mailboxes[2]);
    const before = await repaired();
    node.follower.compareSoon();
    await waitForEqual(node, db);
    expect((await repaired()) - before).toBe(3);
    expect(node.ask('route', 'select target from address where mailbox_id = ?', mailboxes[1]!)).toEqual([
      { target: 'u2@one.example' },
    ]);
  });

  it('finds nothing to repair while rows keep changing', async () => {
    const before = await repaired();
    for (let n = 0; n < 60; n += 1) {
      if (n % 10 === 0) node.follower.compareSoon();
      await db.query('update mailbox set quota_bytes = $2 where id = $1', [mailboxes[n], 5_000 + n]);
    }
    await waitForEqual(node, db);
    expect(await repaired()).toBe(before);
  });
});

describe('signing keys', () => {
  const file = (name: string): string => path.join(node.folder, 'dkim', name);
  const addKey = async (
    selector: string,
    pem: string,
    context = `dkim:${seeded.domainId}`,
  ): Promise<void> => {
    await db.query(
      `insert into dkim_key (id, reseller_id, tenant_id, domain_id, selector, public_key, sealed_private_key, state,
         created_at) values (gen_random_uuid(), $1, $2, $3, $4, 'p', $5, 'signing', now())`,
      [seeded.resellerId, seeded.tenantId, seeded.domainId, selector, sealFor(keys.publicKey, pem, context)],
    );
  };

  it('appear as files for the filter, and vanish when they retire', async () => {
    await addKey('k1', 'PEM of k1\n');
    await waitUntil(() => existsSync(file('one.example.k1.key')));
    await waitUntil(() => readFileSync(file('selectors.map'), 'utf8') === 'one.example k1\n');
    expect(readFileSync(file('one.example.k1.key'), 'utf8')).toBe('PEM of k1\n');
    expect(statSync(file('one.example.k1.key')).mode & 0o777).toBe(0o640);
    expect(statSync(file('one.example.k1.key')).gid).toBe(statSync(path.join(node.folder, 'dkim')).gid);
    await db.query(`update dkim_key set state = 'retired'`);
    await waitUntil(() => !existsSync(file('one.example.k1.key')));
    expect(readFileSync(file('selectors.map'), 'utf8')).toBe('');
    await db.query('delete from dkim_key');
  });

  it('that do not open do not keep the others, or the directory, from going on', async () => {
    await addKey('k1', 'stolen from elsewhere', 'dkim:another-domain');
    await addKey('k2', 'PEM of k2');
    await openMailboxes(db, seeded, 1, 'meanwhile');
    await waitForEqual(node, db);
    await waitUntil(() => existsSync(file('one.example.k2.key')));
    expect(existsSync(file('one.example.k1.key'))).toBe(false);
    await db.query(`delete from dkim_key where selector = 'k1'`);
  });

  it('are laid again at a start: missing ones, altered ones, and strangers go', async () => {
    await node.stop();
    writeFileSync(file('one.example.k2.key'), 'altered');
    writeFileSync(file('stranger.example.k1.key'), 'x');
    await node.start();
    await waitUntil(() => readFileSync(file('one.example.k2.key'), 'utf8') === 'PEM of k2');
    await waitUntil(() => !existsSync(file('stranger.example.k1.key')));
  });
});

describe('revocations', () => {
  it('reach the mail store for those concerned, once it answers again', async () => {
    const orders: string[] = [];
    let down = true;
    node.keeper.pair!.auth.db.exec(`delete from meta where key like 'revocation:%'`);
    const credential = await addAppPassword(db, mailboxes[10]!, 'b'.repeat(64));
    await waitForEqual(node, db);
    const queue = new RevocationQueue(() => node.keeper.pair!.auth.db, {
      flush: (users) => {
        if (down) return Promise.reject(new Error('refused'));
        orders.push(`flush ${users.join(' ')}`);
        return Promise.resolve();
      },
      kick: (mask) => {
        orders.push(`kick ${mask}`);
        return Promise.resolve();
      },
    });
    await db.query('update app_password set revoked_at = now() where id = $1', [credential]);
    await restrict(db, seeded, 'mailbox', mailboxes[11]!);
    await db.query(`update mailbox set state = 'closed' where id = $1`, [mailboxes[12]]);
    await db.query('update mailbox set quota_bytes = 9 where id = $1', [mailboxes[13]]);
    await waitForEqual(node, db);
    queue.start();
    await openMailboxes(db, seeded, 1, 'not-held-up');
    await waitUntil(() => node.hasAddress('not-held-up1@one.example'), 2_000);
    down = false;
    await waitUntil(() => orders.length >= 4, 5_000);
    await queue.stop();
    expect(orders[0]!.split(' ').slice(1).toSorted()).toEqual(
      ['u11', 'u12', 'u13'].map((u) => `${u}@one.example`),
    );
    expect(orders.slice(1).toSorted()).toEqual(['u11', 'u12', 'u13'].map((u) => `kick ${u}@one.example`));
    expect(node.ask('auth', `select 1 from meta where key like 'revocation:%'`)).toEqual([]);
  });

  it('are found by a rebuild too', async () => {
    await node.stop();
    await restrict(db, seeded, 'mailbox', mailboxes[20]!);
    await outrun(db);
    await node.start();
    await waitForEqual(node, db);
    const keysLeft = node.ask<{ key: string }>('auth', `select key from meta where key like 'revocation:%'`);
    expect(keysLeft).toEqual([{ key: 'revocation:u21@one.example' }]);
  });
});
