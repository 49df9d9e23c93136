import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailLogShipper } from '../../src/agent/reports/mail-log-shipper.js';
import { ReportLoop } from '../../src/agent/reports/report-loop.js';
import { WritebackStore } from '../../src/agent/reports/writeback-store.js';
import { connectFeed } from '../../src/agent/feed/feed-connection.js';
import { waitUntil } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
import { openMailboxes, seedTenant, type SeededTenant } from './tenant-rows.js';

let postgres: ThrowAwayPostgres;
let db: Client;
let feed: Client;
let seeded: SeededTenant;
let mailboxes: string[];
let folder: string;

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  feed = await postgres.connect('livery_feed');
  seeded = await seedTenant(db);
  mailboxes = await openMailboxes(db, seeded, 5);
});

afterAll(async () => {
  await feed?.end();
  await db?.end();
  await postgres?.remove();
});

beforeEach(async () => {
  folder = await mkdtemp('/var/tmp/livery-reports-');
});

afterEach(() => rm(folder, { recursive: true }));

describe('counters of the mail store', () => {
  const usage = async (): Promise<Record<string, number>> => {
    const { rows } = await db.query<{ address: string; bytes: string }>(
      'select m.address, u.bytes from mailbox_usage u join mailbox m on m.id = u.mailbox_id',
    );
    return Object.fromEntries(rows.map(({ address, bytes }) => [address, Number(bytes)]));
  };

  it('reach Postgres within a second or two, with Postgres away in between', async () => {
    const file = path.join(folder, 'writeback.sqlite');
    const store = new WritebackStore(file, () => Promise.resolve());
    const loop = new ReportLoop(
      'Counters',
      1_000,
      () => connectFeed(postgres.url('livery_feed')),
      (client) => store.ship(client),
    );
    loop.start();
    await waitUntil(() => new Database(file, { fileMustExist: true }).open);
    const dovecot = new Database(file);
    const report = dovecot.prepare(
      'insert into usage (username, bytes) values (?, ?) on conflict do update set bytes = excluded.bytes',
    );
    report.run('u1@one.example', 100);
    report.run('nobody@one.example', 1);
    dovecot.prepare(`insert into last_login values ('u1@one.example', 'imap', 1795449600)`).run();
    await waitUntil(async () => (await usage())['u1@one.example'] === 100, 3_000);
    await waitUntil(
      async () =>
        (await db.query('select 1 from mailbox_sign_in where service = $1', ['imap'])).rowCount === 1,
    );
    await Promise.all([db.end(), feed.end()]);
    await postgres.down();
    report.run('u1@one.example', 200);
    report.run('u2@one.example', 300);
    await postgres.up();
    db = await postgres.connect();
    feed = await postgres.connect('livery_feed');
    await waitUntil(async () => (await usage())['u2@one.example'] === 300, 10_000);
    expect(await usage()).toEqual({ 'u1@one.example': 200, 'u2@one.example': 300 });
    await waitUntil(() => dovecot.prepare('select 1 from dirty').all().length === 0);
    await loop.stop();
  });

  it('make a new file of a damaged one, and have the store open it', async () => {
    const file = path.join(folder, 'writeback.sqlite');
    await writeFile(file, 'not a database, however long it may be'.repeat(100));
    let reloads = 0;
    const store = new WritebackStore(file, async () => {
      reloads += 1;
    });
    await store.ship(feed);
    expect(reloads).toBe(1);
    new Database(file).prepare(`insert into usage values ('u3@one.example', 7, 1)`).run();
    await store.ship(feed);
    expect((await usage())['u3@one.example']).toBe(7);
  });
});

describe('the mail log', () => {
  let logFile: string;
  let shipper: MailLogShipper;
  const make = (): MailLogShipper =>
    new MailLogShipper({
      node: 'n1',
      logFile,
      positionFile: path.join(folder, 'position'),
      now: () => new Date(),
    });
  const line = (program: string, text: string): string =>
    `${new Date().toDateString().slice(4, 7)} ${String(new Date().getDate()).padStart(2)} 10:00:00 mx postfix/${program}[1]: ${text}\n`;
  const message = (queueId: string): string =>
    line('mx/smtpd', `${queueId}: client=mail.s.example[192.0.2.1]`) +
    line('cleanup', `${queueId}: message-id=<${queueId}@s.example>`) +
    line('qmgr', `${queueId}: from=<s@s.example>, size=10, nrcpt=1 (queue active)`);
  const delivered = (queueId: string): string =>
    line(
      'lmtp',
      `${queueId}: to=<u1@one.example>, relay=127.0.0.1[127.0.0.1]:24, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Saved)`,
    ) + line('qmgr', `${queueId}: removed`);
  const shipAll = async (): Promise<void> => {
    for (let n = 0; n < 20; n += 1) await shipper.ship(feed);
  };
  const events = async (kind: string): Promise<Record<string, unknown>[]> =>
    (await db.query(`select * from mail_event where kind = $1 order by (detail ->> 'offset')::int`, [kind]))
      .rows;

  beforeEach(async () => {
    await db.query('delete from mail_event');
    logFile = path.join(folder, 'mail.log');
    shipper = make();
  });

  afterEach(() => shipper.close());

  it('tells when a mailbox last signed in to send', async () => {
    const signedIn = 'client=pc[192.0.2.2], sasl_method=PLAIN, sasl_username=u1@one.example';
    await writeFile(
      logFile,
      line('submission/smtpd', `4ZxYz01XyBz3nW: ${signedIn}`) +
        line('submission/smtpd', `4ZxYz01XyBz3nX: ${signedIn}`) +
        message('4ZxYz01XyBz3nV'),
    );
    await shipAll();
    const { rows } = await db.query('select mailbox_id, service from mailbox_sign_in where service = $1', [
      'smtp',
    ]);
    expect(rows).toEqual([{ mailbox_id: mailboxes[0], service: 'smtp' }]);
  });

  it('becomes events that carry sender, message id and whose they are', async () => {
    await writeFile(logFile, message('4ZxYz01XyBz3nV') + delivered('4ZxYz01XyBz3nV'));
    await shipAll();
    const [event] = await events('delivered');
    expect(event).toMatchObject({
      node: 'n1',
      tenant_id: seeded.tenantId,
      mailbox_id: mailboxes[0],
      sender: 's@s.example',
      message_id: '<4ZxYz01XyBz3nV@s.example>',
      recipient: 'u1@one.example',
    });
    expect((await events('received'))[0]).toMatchObject({ tenant_id: null });
  });

  it('changes nothing when it is sent twice', async () => {
    await writeFile(logFile, message('4ZxYz01XyBz3nV') + delivered('4ZxYz01XyBz3nV'));
    await shipAll();
    await shipper.close();
    await rm(path.join(folder, 'position'));
    shipper = make();
    await shipAll();
    const { rows } = await db.query('select count(*)::int as n from mail_event');
    expect(rows[0].n).toBe(3);
  });

  it('keeps a message whole over a restart and over a rotation', async () => {
    await writeFile(logFile, message('4ZxYz02XyBz3nV'));
    await shipAll();
    await shipper.close();
    shipper = make();
    await shipAll();
    await rename(logFile, `${logFile}.20261123`);
    await appendFile(`${logFile}.20261123`, delivered('4ZxYz02XyBz3nV'));
    await writeFile(logFile, message('4ZxYz03XyBz3nV') + delivered('4ZxYz03XyBz3nV'));
    await shipAll();
    expect((await events('delivered')).map((event) => event['message_id'])).toEqual(
      expect.arrayContaining(['<4ZxYz02XyBz3nV@s.example>', '<4ZxYz03XyBz3nV@s.example>']),
    );
  });

  it('reads what was written while the agent was away and the log was rotated', async () => {
    await writeFile(logFile, message('4ZxYz04XyBz3nV'));
    await shipAll();
    await shipper.close();
    await appendFile(logFile, delivered('4ZxYz04XyBz3nV'));
    await rename(logFile, `${logFile}.1`);
    await writeFile(logFile, message('4ZxYz05XyBz3nV'));
    shipper = make();
    await shipAll();
    expect(await events('delivered')).toHaveLength(1);
    expect(await events('received')).toHaveLength(2);
  });

  it('starts over when the file was cut in place, and waits for the end of a half line', async () => {
    await writeFile(logFile, message('4ZxYz06XyBz3nV').repeat(3));
    await shipAll();
    await truncate(logFile);
    const text = delivered('4ZxYz06XyBz3nV');
    await appendFile(logFile, text.slice(0, 60));
    await shipAll();
    expect(await events('delivered')).toHaveLength(0);
    await appendFile(logFile, text.slice(60));
    await shipAll();
    expect(await events('delivered')).toHaveLength(1);
  });

  it('takes a hostile log without stopping', async () => {
    await writeFile(
      logFile,
      Buffer.concat([Buffer.alloc(600_000, 0), Buffer.from('\n'), Buffer.from(message('4ZxYz07XyBz3nV'))]),
    );
    await shipAll();
    expect(await events('queued')).toHaveLength(1);
  });
});
