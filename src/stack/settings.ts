import path from 'node:path';
import type { Ports } from './ports.js';
import type { Secrets } from './secrets.js';

/** Where everything of one running stack is, and how to get in. */
export interface StackSettings {
  /** Absolute, searchable by the system users. */
  readonly dataDir: string;
  /** The source tree whose build is run. */
  readonly checkout: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly postgres: PostgresSettings;
  readonly redis: RedisSettings;
  readonly dns: DnsSettings;
  readonly sink: SinkSettings;
  readonly tls: TlsSettings;
}

interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** May make roles and databases. */
  readonly superuserUrl: string;
  /** Runs migrations. */
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly feedUrl: string;
}

interface RedisSettings {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly url: string;
}

interface DnsSettings {
  /** Answers on port 53 here, as resolv.conf and MX lookups need. */
  readonly address: string;
  /** Also answers on 127.0.0.1 at this port. */
  readonly extraPort: number;
  readonly controlUrl: string;
  readonly zoneFolder: string;
}

interface SinkSettings {
  /** Takes mail on port 25 here. */
  readonly address: string;
  readonly controlUrl: string;
  readonly folder: string;
}

interface TlsSettings {
  readonly authorityFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface StackPlace {
  readonly dataDir: string;
  readonly checkout: string;
  readonly ports: Ports;
  readonly sandboxAddress: string;
}

const LOOPBACK = '127.0.0.1';
export const DATABASE = 'livery';

export function settingsOf(place: StackPlace, secrets: Secrets): StackSettings {
  const { dataDir, checkout, ports, sandboxAddress } = place;
  return {
    dataDir,
    checkout,
    ports,
    secrets,
    postgres: postgresSettings(ports.postgres, secrets),
    redis: {
      host: LOOPBACK,
      port: ports.redis,
      password: secrets.redis,
      url: `redis://:${secrets.redis}@${LOOPBACK}:${ports.redis}`,
    },
    dns: {
      address: sandboxAddress,
      extraPort: ports.dns,
      controlUrl: `http://${LOOPBACK}:${ports.dnsControl}`,
      zoneFolder: path.join(dataDir, 'zones'),
    },
    sink: {
      address: sandboxAddress,
      controlUrl: `http://${LOOPBACK}:${ports.sinkControl}`,
      folder: path.join(dataDir, 'sink'),
    },
    tls: {
      authorityFile: path.join(dataDir, 'tls', 'authority.pem'),
      certFile: path.join(dataDir, 'tls', 'stack.pem'),
      keyFile: path.join(dataDir, 'tls', 'stack.key'),
    },
  };
}

function postgresSettings(port: number, secrets: Secrets): PostgresSettings {
  const url = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@${LOOPBACK}:${port}/${database}`;
  return {
    host: LOOPBACK,
    port,
    database: DATABASE,
    superuserUrl: url('postgres', secrets.postgresSuperuser, 'postgres'),
    ownerUrl: url('livery_owner', secrets.postgresOwner, DATABASE),
    appUrl: url('livery_app', secrets.postgresApp, DATABASE),
    feedUrl: url('livery_feed', secrets.postgresFeed, DATABASE),
  };
}
