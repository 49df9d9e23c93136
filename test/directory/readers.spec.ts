import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineNode, outrun, waitForEqual } from './engine-node.js';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';
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
const readAs = (user: string, file: string): Promise<{ stdout: string }> =>
  run('runuser', ['-u', user, '--', 'head', '-c', '15', file]);

/** Asks for known and unknown addresses until told to stop, keeping its file open and opening it anew by turns. */
const LOAD = `
const Database = require('better-sqlite3');
let going = true, asked = 0, wrong = 0, failed = 0, db = null, n = 0;
process.on('SIGTERM', () => { going = false; });
const count = (address) => db.prepare('select count(*) as n from address where address = ?').get(address).n;
const ask = () => {
  try {
    if (db === null || n % 50 === 0) db = new Database(process.argv[1], { readonly: true, timeout: 1000 });
    wrong += (count('u' + (n % 500 + 1) + '@one.example') === 1 ? 0 : 1) + (count('none' + n) === 0 ? 0 : 1);
    asked += 2;
  } catch { failed += 1; db = null; }
  n += 1;
  if (going) setImmediate(ask);
  else { console.log([asked, wrong, failed].join(' ')); process.exit(0); }
};
ask();`;

describe('readers of the engine', () => {
  it('may read what is theirs, and postfix not the hashes', async () => {
    expect((await readAs('postfix', current('route'))).stdout).toBe('SQLite format 3');
    expect((await readAs('dovecot', current('auth'))).stdout).toBe('SQLite format 3');
    await expect(readAs('postfix', current('auth'))).rejects.toThrow(/Permission denied/);
    await expect(readAs('nobody', current('route'))).rejects.toThrow(/Permission denied/);
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
    const { generation } = node.keeper.pair!;
    const readers = [1, 2].map(() => spawn(process.execPath, ['-e', LOAD, current('route')]));
    const outputs = readers.map(async (reader) => {
      let text = '';
      for await (const chunk of reader.stdout) text += String(chunk);
      return text.trim().split(' ').map(Number);
    });
    for (let swap = 0; swap < 5; swap += 1) {
      await node.stop();
      await outrun(db);
      await node.start();
      for (let n = 0; n < 40; n += 1) await openMailboxes(db, seeded, 1, `swap${swap}-${n}-`);
      await waitForEqual(node, db);
      await pause(200);
    }
    expect(node.keeper.pair!.generation).toBe(generation + 5);
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
