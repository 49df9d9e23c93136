import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { enginePaths, engineProcesses, type EngineSettings, testSignatures } from '#libs/engine-config';
import { migrate, prepareServer } from '../../platform/database/migrator.js';
import { engineService } from '../services/engine.service.js';
import { nodeService } from '../services/node.service.js';
import { DATABASE, type StackSettings } from '../settings.js';
import type { StackSite, StackStep } from '../steps.js';
import { controlPlaneEnvironment, keepEnvironment } from './control-plane-environment.js';
import { engineSettingsFile, stackEngine } from './engine-settings.js';
import { ensureSealingKeys } from './sealing-keys.js';

const run = promisify(execFile);

const database: StackStep = {
  title: 'database',
  start: async ({ settings }) => {
    const { postgresOwner: owner, postgresApp: app, postgresFeed: feed } = settings.secrets;
    await prepareServer(settings.postgres.superuserUrl, DATABASE, { owner, app, feed });
    const ran = await migrate(settings.postgres.ownerUrl);
    return ran.length === 0 ? 'up to date' : `${ran.length} migrations`;
  },
};

/** Folders, configuration and an empty directory first: the daemons must find them. */
const mailEngine: StackStep = {
  title: 'mail engine',
  start: async (site) => {
    const { settings } = site;
    const engine = stackEngine(settings);
    await writeFile(engineSettingsFile(settings), JSON.stringify(engine, null, 2), { mode: 0o600 });
    const agent = path.join(settings.checkout, 'dist', 'src', 'agent.js');
    await run(process.execPath, [agent, 'prepare'], { env: await agentEnvironment(settings) });
    await ensureSignatures(engine);
    const processes = engineProcesses(engine);
    // Together: the filter compiles its rules at the very first start, and nobody needs to wait for it.
    await Promise.all(processes.map((daemon) => site.run(engineService(daemon))));
    return processes.map(({ name }) => name).join(', ');
  },
};

/** The official signatures are fetched by freshclam, where there is an Internet; a stack gets by with the test file's. */
const ensureSignatures = async (engine: EngineSettings): Promise<void> => {
  const known = await readdir(enginePaths(engine).clamavDb);
  if (known.some((name) => /\.(cvd|cld|hdb)$/.test(name))) return;
  for (const file of testSignatures(engine)) await writeFile(file.path, file.text, { mode: file.mode });
};

const nodeEnvironment = (settings: StackSettings, operationsPort: number): Record<string, string> => ({
  LIVERY_NODE_NAME: 'node-1',
  LIVERY_ENGINE_SETTINGS_FILE: engineSettingsFile(settings),
  LIVERY_OPERATIONS_PORT: String(operationsPort),
});

const agentEnvironment = async (settings: StackSettings): Promise<Record<string, string>> => ({
  ...nodeEnvironment(settings, settings.ports.agentOperations),
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LIVERY_FEED_DATABASE_URL: settings.postgres.feedUrl,
  LIVERY_SEALING_PRIVATE_KEY_FILE: (await ensureSealingKeys(settings.dataDir)).privateKeyFile,
});

const ready = (port: number): string => `http://127.0.0.1:${port}/ready`;

const agent: StackStep = {
  title: 'agent',
  start: async (site) =>
    runNode(site, 'agent', await agentEnvironment(site.settings), site.settings.ports.agentOperations),
};

const policy: StackStep = {
  title: 'policy',
  start: async (site) => {
    const { ports, redis } = site.settings;
    const environment = {
      ...nodeEnvironment(site.settings, ports.policyOperations),
      LIVERY_REDIS_URL: redis.url,
    };
    await runNode(site, 'policy', environment, ports.policyOperations);
  },
};

const web: StackStep = {
  title: 'web',
  start: async (site) => {
    const environment = await environmentOfControlPlane(site);
    await keepEnvironment(site.settings.dataDir, environment);
    await runNode(site, 'web', environment, site.settings.ports.webOperations);
  },
};

const worker: StackStep = {
  title: 'worker',
  start: async (site) => {
    const port = site.settings.ports.workerOperations;
    const environment = await environmentOfControlPlane(site);
    await runNode(site, 'worker', { ...environment, LIVERY_OPERATIONS_PORT: String(port) }, port);
  },
};

const environmentOfControlPlane = async ({
  settings,
}: StackSite): Promise<Readonly<Record<string, string>>> =>
  controlPlaneEnvironment(settings, await ensureSealingKeys(settings.dataDir));

const runNode = (
  site: StackSite,
  name: string,
  environment: Readonly<Record<string, string>>,
  operationsPort: number,
): Promise<void> =>
  site.run(
    nodeService({ name, checkout: site.settings.checkout, environment, readinessUrl: ready(operationsPort) }),
  );

/** Everything of ours, on top of the ground, in the order it needs. */
export const houseSteps: readonly StackStep[] = [database, mailEngine, agent, policy, web, worker];
