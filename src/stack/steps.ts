import { readFile } from 'node:fs/promises';
import type { DnsSandbox } from './internet/dns-sandbox.js';
import { LocalAuthority } from './internet/authority.js';
import { OUTSIDE_MAIL_HOST, outsideDomains, publishOutside } from './internet/outside.js';
import type { MailSink } from './internet/sink.js';
import { requireUser } from './machine/system-user.js';
import { preparePostgres } from './services/postgres.service.js';
import { prepareRedis } from './services/redis.service.js';
import type { ServiceSpec } from './services/service-spec.js';
import type { StackSettings } from './settings.js';

/** What a step may do: run programs, and say how to undo whatever else it did. */
export interface StackSite {
  readonly settings: StackSettings;
  readonly dns: DnsSandbox;
  readonly sink: MailSink;
  readonly report: (line: string) => void;
  /** Starts the program, waits until it is ready, and stops it in its turn. */
  readonly run: (spec: ServiceSpec) => Promise<void>;
  readonly onStop: (undo: () => Promise<void>) => void;
}

export interface StackStep {
  readonly title: string;
  /** May give back a few words for the line that tells how long it took. */
  readonly start: (site: StackSite) => Promise<string | void>;
}

/** Names the stack's own certificate is for; demo hosts of a brand are `*.<brand>.localhost`. */
const certificateNames = [
  'localhost',
  'operator.localhost',
  '*.fjordnet.localhost',
  '*.mailzone.fjordnet.example',
  '127.0.0.1',
] as const;

const certificates: StackStep = {
  title: 'certificates',
  start: async ({ settings }) => {
    const authority = await LocalAuthority.open(settings.dataDir);
    const { renewed } = await authority.ensureLeaf('stack', certificateNames);
    return renewed ? 'made' : 'kept';
  },
};

const dnsSandbox: StackStep = {
  title: 'DNS sandbox',
  start: async ({ settings, dns, onStop }) => {
    publishOutside(dns, settings.sink.address, outsideDomains);
    await dns.start();
    onStop(() => dns.stop());
    return `${settings.dns.address}:53`;
  },
};

const mailSink: StackStep = {
  title: 'sandbox Internet mail',
  start: async ({ settings, sink, onStop }) => {
    const authority = await LocalAuthority.open(settings.dataDir);
    const files = await authority.ensureLeaf('sink', [OUTSIDE_MAIL_HOST, settings.sink.address]);
    const [key, certificate] = await Promise.all([
      readFile(files.keyFile, 'utf8'),
      readFile(files.certFile, 'utf8'),
    ]);
    onStop(() => sink.stop());
    await sink.start({ key, certificate });
    return `${settings.sink.address}:25`;
  },
};

const postgres: StackStep = {
  title: 'Postgres',
  start: async ({ settings, run }) => {
    const { ports, dataDir, secrets } = settings;
    const user = await requireUser('postgres');
    const superuserPassword = secrets.postgresSuperuser;
    await run(await preparePostgres({ dataDir, port: ports.postgres, superuserPassword, user }));
  },
};

const redis: StackStep = {
  title: 'Redis',
  start: async ({ settings, run }) => {
    const { ports, dataDir, secrets } = settings;
    const user = await requireUser('redis');
    await run(await prepareRedis({ dataDir, port: ports.redis, password: secrets.redis, user }));
  },
};

/** The ground everything else stands on. */
export const groundSteps: readonly StackStep[] = [certificates, dnsSandbox, mailSink, postgres, redis];
