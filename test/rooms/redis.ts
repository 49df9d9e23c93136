import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';

export interface ThrowAwayRedis {
  readonly url: string;
  /** Loses everything, as a restart without its file would. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of its own that keeps nothing on disk. */
export const startRedis = async (): Promise<ThrowAwayRedis> => {
  const port = await freePort();
  const options = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const args = ['--port', String(port), '--bind', '127.0.0.1', ...options];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  // Refused until it listens.
  client.on('error', () => {});
  await client.ping();
  return {
    url,
    forget: async () => void (await client.flushall()),
    stop: async () => {
      client.disconnect();
      server.kill();
      await once(server, 'exit');
    },
  };
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};
