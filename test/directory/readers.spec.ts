import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineNode, waitForEqual } from './engine-node.js';
import { ThrowAwayPostgres } from './postgres.js';
import { openMailboxes, seedTenant, type SeededTenant } from './tenant-rows.js';

const run = promisify(execFile);

let postgres: ThrowAwayPostgres;
let db: Client;
let node: EngineNode;
let seeded: SeededTenant;

beforeAll(async () => {
  postgres = await ThrowAwayPostgres.start();
  db = await postgres.connect();
  seeded = await seedTenant(db);
  await openMailboxes(db, seeded, 500);
  node = await EngineNode.make(postgres);
  await node.start();
  await waitForEqual(node, db);
});

afterAll(async () => {
  await node?.remove();
  await db?.end();
  await postgres?.remove();
});

const current = (name: string): string => path.join(node.folder, name, 'current.sqlite');
const postmap = (user: string, file: string, key: string): Promise<{ stdout: string }> =>
  run('runuser', ['-u', user, '--', 'python3', '-c', READER, file, key]);

/** A reader that has nothing of ours: the system's own SQLite, read-only. */
const READER = `
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(len(db.execute("select 1 from mailbox where address = ?", [sys.argv[2]]).fetchall()))`;

/** Replaces itself by the program, so that a signal reaches the reader. */
const AS_POSTFIX = ['--reuid', 'postfix', '--regid', 'postfix', '--clear-groups'];

/** Asks for known and unknown addresses until told to stop, keeping its file open and opening it anew by turns. */
const LOAD = `
import sqlite3, sys, signal, itertools
going = True
def stop(*_):
  global going
  going = False
signal.signal(signal.SIGTERM, stop)
path = "file:" + sys.argv[1] + "?mode=ro"
asked = wrong = failed = 0
db = None
print("go", flush=True)
for n in itertools.count():
  if not going: break
  try:
    if db is None or n % 50 == 0: db = sqlite3.connect(path, uri=True, timeout=1)
    known = db.execute("select count(*) from address where address = ?", ["u%d@one.example" % (n % 500 + 1)]).fetchone()[0]
    unknown = db.execute("select count(*) from address where address = ?", ["none%d@one.example" % n]).fetchone()[0]
    asked += 2
    wrong += (known != 1) + (unknown != 0)
  except sqlite3.Error as fault:
    failed += 1
    db = None
print(asked, wrong, failed)`;

describe('readers of the engine', () => {
  it('may read what is theirs, and postfix not the hashes', async () => {
    expect((await postmap('postfix', current('route'), 'u1@one.example')).stdout.trim()).toBe('1');
    expect((await postmap('dovecot', current('auth'), 'u1@one.example')).stdout.trim()).toBe('1');
    await expect(postmap('postfix', current('auth'), 'u1@one.example')).rejects.toThrow(/unable to open/);
    await expect(postmap('nobody', current('route'), 'u1@one.example')).rejects.toThrow(/unable to open/);
    const columns = node
      .ask<{ sql: string }>('route', 'select sql from sqlite_schema')
      .map(({ sql }) => sql ?? '');
    expect(columns.join('\n')).not.toMatch(/password|sha256/);
  });

  it('find files with the modes they need', () => {
    const file = path.join(node.folder, 'route', `gen-${node.keeper.pair!.generation}.sqlite`);
    const mode = (name: string) => (statSync(name).mode & 0o777).toString(8);
    expect([mode(file), mode(`${file}-wal`), mode(`${file}-shm`)]).toEqual(['640', '640', '660']);
    expect(statSync(`${file}-shm`).gid).toBe(statSync(path.join(node.folder, 'route')).gid);
  });

  it('get no wrong answer while rows change and generations are swapped', async () => {
    const readers = [1, 2].map(() =>
      spawn('setpriv', [...AS_POSTFIX, 'python3', '-c', LOAD, current('route')]),
    );
    const outputs = readers.map(async (reader) => {
      let text = '';
      for await (const chunk of reader.stdout) text += String(chunk);
      return text.split('\n')[1]!.split(' ').map(Number);
    });
    for (let swap = 0; swap < 5; swap += 1) {
      await node.stop();
      await db.query(`update directory.feed_floor set xid = pg_current_xact_id()`);
      await node.start();
      for (let n = 0; n < 40; n += 1) await openMailboxes(db, seeded, 1, `swap${swap}-${n}-`);
      await waitForEqual(node, db);
      await pause(200);
    }
    for (const reader of readers) reader.kill('SIGTERM');
    for (const output of outputs) {
      const [asked, wrong, failed] = await output;
      expect(asked).toBeGreaterThan(1_000);
      expect(wrong).toBe(0);
      expect(failed).toBe(0);
    }
  });

  it('find the files beside the directory after its writer left', async () => {
    // What the agent does when it is told to stop, and what kill -9 leaves; closing would remove both files.
    const script = `
      const Database = require('better-sqlite3');
      const db = new Database(process.argv[1]);
      db.pragma('journal_mode = wal');
      db.exec('create table t (a); insert into t values (1)');
      process.on('SIGTERM', () => process.exit(0));
      setInterval(() => {}, 1000);
      console.log('open');`;
    const file = path.join(node.folder, 'left.sqlite');
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const writer = spawn(process.execPath, ['-e', script, file], { cwd: process.cwd() });
      const gone = new Promise((resolve) => writer.on('exit', resolve));
      await new Promise((resolve) => writer.stdout.once('data', resolve));
      writer.kill(signal);
      await gone;
      expect(existsSync(`${file}-wal`) && existsSync(`${file}-shm`)).toBe(true);
      await run('rm', ['-f', file, `${file}-wal`, `${file}-shm`]);
    }
  });
});
