import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StackSettings } from '../settings.js';
import type { SealingKeys } from './sealing-keys.js';

export const OPERATOR_HOST = 'operator.localhost';

type Environment = Readonly<Record<string, string>>;

const LOOPBACK = '127.0.0.1';

/** What web, worker and the command line are told, as the environment of each. */
export const controlPlaneEnvironment = (settings: StackSettings, sealing: SealingKeys): Environment => ({
  LIVERY_DATABASE_URL: settings.postgres.appUrl,
  LIVERY_REDIS_URL: settings.redis.url,
  LIVERY_SECRET_KEY: settings.secrets.secretKey,
  LIVERY_SEALING_PUBLIC_KEY: sealing.publicKey,
  LIVERY_WEB_PORT: String(settings.ports.web),
  LIVERY_WEB_CERTIFICATE_FILE: settings.tls.certFile,
  LIVERY_WEB_KEY_FILE: settings.tls.keyFile,
  LIVERY_OPERATOR_HOST: OPERATOR_HOST,
  LIVERY_DNS_RESOLVERS: `${settings.dns.address}:53`,
  LIVERY_DNS_ALLOW_PRIVATE: 'true',
  LIVERY_CLAIMABLE_SPECIAL_NAMES: 'example,localhost',
  LIVERY_MAIL_ADDRESSES: LOOPBACK,
  LIVERY_NAME_SERVER_ADDRESSES: settings.dns.address,
  LIVERY_ZONE_FOLDER: settings.dns.zoneFolder,
  LIVERY_NOTICES_ADDRESS: `${LOOPBACK}:${settings.ports.notices}`,
  LIVERY_OPERATIONS_HOST: LOOPBACK,
  LIVERY_OPERATIONS_PORT: String(settings.ports.webOperations),
});

const fileIn = (dataDir: string): string => path.join(dataDir, 'secrets', 'control-plane.json');

/** Kept beside the other secrets, so that `npm run livery` can talk to the running stack. */
export const keepEnvironment = (dataDir: string, environment: Environment): Promise<void> =>
  writeFile(fileIn(dataDir), `${JSON.stringify(environment, null, 2)}\n`, { mode: 0o600 });

/** Null when no stack was ever started in this folder. */
export const findKeptEnvironment = async (dataDir: string): Promise<Environment | null> => {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as Environment;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
};
