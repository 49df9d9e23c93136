import { execFile } from 'node:child_process';
import { access, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { SystemUser } from '../machine/system-user.js';
import type { Probe, ServiceSpec } from './service-spec.js';

const run = promisify(execFile);

const DISTRIBUTION_FOLDER = '/usr/lib/postgresql';
const OLDEST_POSTGRES = 15;
const SOCKET_PATH_LIMIT_BYTES = 107;

export interface PostgresWishes {
  readonly dataDir: string;
  readonly port: number;
  readonly superuserPassword: string;
  /** OS user it runs as: Postgres refuses to be root. */
  readonly user: SystemUser;
}

/** The folder of the newest Postgres programs the distribution installed, 15 or later; null when there is none. */
export async function findPostgresPrograms(): Promise<string | null> {
  const names = await readdir(DISTRIBUTION_FOLDER).catch(() => []);
  const versions = names.map(Number).filter((version) => version >= OLDEST_POSTGRES);
  for (const version of versions.toSorted((a, b) => b - a)) {
    const programs = path.join(DISTRIBUTION_FOLDER, String(version), 'bin');
    const found = await access(path.join(programs, 'initdb')).then(
      () => true,
      () => false,
    );
    if (found) return programs;
  }
  return null;
}

/** Makes the cluster on the first start; later starts keep its programs' version. */
export async function preparePostgres(wishes: PostgresWishes): Promise<ServiceSpec> {
  const cluster = path.join(wishes.dataDir, 'postgres');
  const sockets = path.join(wishes.dataDir, 'run', 'postgres');
  refuseLongSocketPath(path.join(sockets, `.s.PGSQL.${wishes.port}`));
  await ownedFolder(cluster, wishes.user, 0o700);
  await ownedFolder(sockets, wishes.user, 0o755);
  const programs = (await programsOf(cluster)) ?? (await requirePrograms());
  if (!(await exists(path.join(cluster, 'PG_VERSION')))) await makeCluster(programs, cluster, wishes);
  await writeFile(path.join(cluster, 'livery.conf'), renderConfiguration(wishes.port, sockets));
  return {
    name: 'postgres',
    command: path.join(programs, 'postgres'),
    args: ['-D', cluster, '-c', `config_file=${path.join(cluster, 'livery.conf')}`],
    runAs: wishes.user.name,
    workingFolder: cluster,
    // Fast shutdown: ends sessions, writes a checkpoint. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopTarget: 'leader',
    stopTimeoutMs: 20_000,
    readyProbe: signInProbe(wishes),
    readyTimeoutMs: 60_000,
  };
}

/** Accepting connections is not enough: during recovery Postgres takes them and refuses every sign-in. */
function signInProbe(wishes: PostgresWishes): Probe {
  return async () => {
    const client = new Client({
      host: '127.0.0.1',
      port: wishes.port,
      user: 'postgres',
      password: wishes.superuserPassword,
      database: 'postgres',
      connectionTimeoutMillis: 2_000,
    });
    try {
      await client.connect();
    } finally {
      await client.end();
    }
  };
}

/**
 * Small, since it shares one machine with everything else, yet durable: fsync stays on, because what the stack
 * proves about crashes must hold for real.
 */
function renderConfiguration(port: number, sockets: string): string {
  const settings: Record<string, string> = {
    listen_addresses: "'127.0.0.1'",
    port: String(port),
    unix_socket_directories: `'${sockets}'`,
    max_connections: '100',
    shared_buffers: '128MB',
    effective_cache_size: '512MB',
    max_wal_size: '512MB',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    password_encryption: "'scram-sha-256'",
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_line_prefix: "'%m [%p] %u@%d '",
    log_min_duration_statement: '2s',
    log_lock_waits: 'on',
    idle_in_transaction_session_timeout: "'60s'",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

async function makeCluster(programs: string, cluster: string, wishes: PostgresWishes): Promise<void> {
  const passwordFile = path.join(wishes.dataDir, 'run', 'postgres', 'initial-password');
  await writeFile(passwordFile, wishes.superuserPassword, { mode: 0o600 });
  await chown(passwordFile, wishes.user.uid, wishes.user.gid);
  const choices = ['--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums', '--username=postgres'];
  const entrance = ['--auth-local=peer', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`];
  const asUser = ['--reuid', wishes.user.name, '--regid', wishes.user.name, '--init-groups', '--'];
  try {
    await run('setpriv', [...asUser, path.join(programs, 'initdb'), '-D', cluster, ...choices, ...entrance], {
      cwd: cluster,
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    });
  } catch (error) {
    // Half a cluster would be taken for a whole one at the next start.
    for (const name of await readdir(cluster)) await rm(path.join(cluster, name), { recursive: true });
    throw new Error('The database could not be made.', { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A cluster opens only with the version that made it: after an upgrade of the system the old one is asked for. */
async function programsOf(cluster: string): Promise<string | null> {
  if (!(await exists(path.join(cluster, 'PG_VERSION')))) return null;
  const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const programs = path.join(DISTRIBUTION_FOLDER, version, 'bin');
  if (await exists(path.join(programs, 'postgres'))) return programs;
  throw new Error(
    `The database in ${cluster} was made by Postgres ${version}: install postgresql-${version}.`,
  );
}

async function requirePrograms(): Promise<string> {
  const programs = await findPostgresPrograms();
  if (programs === null)
    throw new Error(`Install Postgres ${OLDEST_POSTGRES} or later: none is in ${DISTRIBUTION_FOLDER}.`);
  return programs;
}

function refuseLongSocketPath(socket: string): void {
  if (Buffer.byteLength(socket) <= SOCKET_PATH_LIMIT_BYTES) return;
  throw new Error(`Choose a shorter LIVERY_DATA: ${socket} is longer than a socket's name may be.`);
}

async function ownedFolder(folder: string, owner: { uid: number; gid: number }, mode: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode });
  await chown(folder, owner.uid, owner.gid);
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
