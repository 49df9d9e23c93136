import { chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SystemUser } from '../machine/system-user.js';
import { answerProbe } from './probes.js';
import type { ServiceSpec } from './service-spec.js';

export interface RedisWishes {
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
  readonly user: SystemUser;
}

/** Writes the configuration (0640, it holds the password) and says how to run it. */
export async function prepareRedis(wishes: RedisWishes): Promise<ServiceSpec> {
  const folder = path.join(wishes.dataDir, 'redis');
  const file = path.join(folder, 'redis.conf');
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await chown(folder, wishes.user.uid, wishes.user.gid);
  await writeFile(file, renderConfiguration(wishes, folder), { mode: 0o640 });
  await chown(file, wishes.user.uid, wishes.user.gid);
  return {
    name: 'redis',
    command: 'redis-server',
    args: [file],
    runAs: wishes.user.name,
    workingFolder: folder,
    // It asks for a password, and says so only when it has finished loading.
    readyProbe: answerProbe(wishes.port, 'PING\r\n', '-NOAUTH'),
  };
}

/** No eviction: the queue lives here, and a queue that forgets is worse than one that refuses. */
function renderConfiguration(wishes: RedisWishes, folder: string): string {
  return [
    'bind 127.0.0.1',
    `port ${wishes.port}`,
    'protected-mode yes',
    `requirepass ${wishes.password}`,
    `dir ${folder}`,
    'daemonize no',
    'databases 4',
    'maxmemory 256mb',
    'maxmemory-policy noeviction',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    '',
  ].join('\n');
}
