import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate, prepareServer } from '../../src/platform/database/migrator.js';
import { findPostgresPrograms } from '../../src/stack/services/postgres.service.js';

const run = promisify(execFile);
const PASSWORDS = { owner: 'owner', app: 'app', feed: 'feed' };

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const asPostgres = async (program: string, ...args: string[]): Promise<unknown> => {
  const programs = await findPostgresPrograms();
  if (programs === null) throw new Error('PostgreSQL is not installed.');
  return run('runuser', ['-u', 'postgres', '--', path.join(programs, program), ...args], { cwd: '/' });
};

/** A cluster of its own in a folder of its own, with the migrations run; gone again after `remove`. */
export class ThrowAwayPostgres {
  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  static async start(wantedPort?: number): Promise<ThrowAwayPostgres> {
    const folder = await mkdtemp('/var/tmp/livery-postgres-');
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), 0);
    const cluster = new ThrowAwayPostgres(folder, wantedPort ?? (await freePort()));
    await asPostgres(
      'initdb',
      '-D',
      cluster.data,
      '-A',
      'trust',
      '-U',
      'postgres',
      '--no-sync',
      '--locale=C.UTF-8',
      '-E',
      'UTF8',
    );
    await cluster.up();
    await cluster.migrate();
    return cluster;
  }

  private get data(): string {
    return path.join(this.folder, 'cluster');
  }

  url(role: 'postgres' | 'livery_feed', database = 'livery'): string {
    const password = role === 'livery_feed' ? `:${PASSWORDS.feed}` : '';
    return `postgres://${role}${password}@127.0.0.1:${this.port}/${database}`;
  }

  async up(): Promise<void> {
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${this.folder} -c max_connections=300 -F`;
    const log = path.join(this.folder, 'log');
    await asPostgres('pg_ctl', '-D', this.data, '-w', '-l', log, '-o', options, 'start');
  }

  /** immediate: as a crash does it, without a checkpoint and without a farewell. */
  async down(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await asPostgres('pg_ctl', '-D', this.data, '-w', '-m', mode, 'stop');
  }

  /** A copy of the stopped cluster, to be put back by `restore`. */
  async copy(): Promise<void> {
    await cp(this.data, `${this.data}.copy`, { recursive: true, preserveTimestamps: true });
    await run('chown', ['-R', 'postgres', `${this.data}.copy`]);
  }

  async restore(): Promise<void> {
    await rm(this.data, { recursive: true });
    await run('mv', [`${this.data}.copy`, this.data]);
  }

  /** As a recovery does it: same data, new timeline. */
  async resetTimeline(): Promise<void> {
    await asPostgres('pg_resetwal', '-l', '000000020000000000000010', this.data);
  }

  async connect(role: 'postgres' | 'livery_feed' = 'postgres'): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url(role) });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async remove(): Promise<void> {
    await this.down('immediate').catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async migrate(): Promise<void> {
    await prepareServer(this.url('postgres', 'postgres'), 'livery', PASSWORDS);
    await migrate(`postgres://livery_owner:${PASSWORDS.owner}@127.0.0.1:${this.port}/livery`);
  }
}
