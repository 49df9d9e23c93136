import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { prepareServer } from '../../src/platform/database/migrator.js';

const run = promisify(execFile);

export interface Cluster {
  readonly adminUrl: string;
  /** A database with roles and no tables yet. */
  createDatabase(name: string): Promise<DatabaseUrls>;
  stop(): Promise<void>;
}

export interface DatabaseUrls {
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
  readonly feed: string;
}

/** A throw-away PostgreSQL of its own, on a free loopback port, with fsync off: it lives as long as the tests. */
export const startCluster = async (): Promise<Cluster> => {
  const folder = await mkdtemp('/var/tmp/livery-rooms-');
  const { stdout } = await run('id', ['-u', 'postgres']);
  chownSync(folder, Number(stdout), -1);
  const bin = await newestBinaries();
  await run('runuser', [
    '-u',
    'postgres',
    '--',
    join(bin, 'initdb'),
    '-D',
    join(folder, 'pg'),
    '-A',
    'trust',
    '-N',
  ]);
  const port = await freePort();
  const server = spawn(
    'runuser',
    [
      '-u',
      'postgres',
      '--',
      join(bin, 'postgres'),
      '-D',
      join(folder, 'pg'),
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=300',
    ],
    { stdio: 'ignore', detached: true },
  );
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilAnswering(adminUrl);
  return {
    adminUrl,
    createDatabase: async (name) => {
      await prepareServer(adminUrl, name, { owner: 'owner', app: 'app', feed: 'feed' });
      const as = (login: string) => `postgres://${login}@127.0.0.1:${port}/${name}`;
      return {
        admin: as('postgres'),
        owner: as('livery_owner:owner'),
        app: as('livery_app:app'),
        feed: as('livery_feed:feed'),
      };
    },
    stop: async () => {
      process.kill(-(server.pid ?? 0), 'SIGINT');
      await new Promise((resolve) => server.once('exit', resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const newestBinaries = async (): Promise<string> => {
  const versions = (await readdir('/usr/lib/postgresql')).map(Number).filter((version) => version >= 15);
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const untilAnswering = async (url: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error('The test database did not start.');
};
