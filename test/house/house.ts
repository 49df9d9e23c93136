import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ApiClient } from '../../src/stack/demo/api-client.js';
import { controlPlaneEnvironment, OPERATOR_HOST } from '../../src/stack/house/control-plane-environment.js';
import { ensureSealingKeys } from '../../src/stack/house/sealing-keys.js';
import { houseSteps } from '../../src/stack/house/house-steps.js';
import { LocalStack } from '../../src/stack/stack.js';
import { groundSteps } from '../../src/stack/steps.js';

const run = promisify(execFile);

/** The whole platform, empty, in a folder and on ports of its own. */
export interface House {
  readonly stack: LocalStack;
  readonly operator: ApiClient;
  /** The operator's command line; answers what it prints. */
  livery(...typed: readonly string[]): Promise<string>;
  /** A reseller with a brand, a portal host, a plan and an API key. */
  openReseller(name: string): Promise<SellingReseller>;
  close(): Promise<void>;
}

export interface SellingReseller {
  readonly id: string;
  readonly brandId: string;
  readonly planId: string;
  readonly portalHost: string;
  readonly zoneName: string;
  readonly api: ApiClient;
}

export interface Made {
  readonly id: string;
}

const PLAN = {
  name: 'Standard',
  quotaBytes: 1_000_000_000,
  aliasesPerMailbox: 10,
  hourlyMessages: 10_000,
  protocols: ['imap', 'pop3', 'smtp', 'sieve'],
};

/** `base` keeps suites that run beside each other, or beside `npm start`, apart: it decides ports and address. */
export const openHouse = async (base: { port: number; address: string }): Promise<House> => {
  const dataDir = `/var/tmp/livery-house-${base.port}-${process.pid}`;
  const lines: string[] = [];
  const stack = LocalStack.plan({
    dataDir,
    portBase: base.port,
    sandboxAddress: base.address,
    profile: 'test',
    steps: [...groundSteps, ...houseSteps],
    report: (line) => lines.push(line),
  });
  await stack.start().catch((fault: unknown) => {
    throw new Error(`The house did not come up.\n${lines.join('\n')}`, { cause: fault });
  });
  const livery = await commandLine(stack);
  const authority = await readFile(stack.settings.tls.authorityFile, 'utf8');
  const { key } = JSON.parse(await livery('operator', 'key', '--name', 'tests')) as { key: string };
  const operator = new ApiClient(stack.settings, authority, { host: OPERATOR_HOST, key });
  return {
    stack,
    operator,
    livery,
    openReseller: (name) => openReseller(operator, name),
    close: async () => {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

const commandLine = async (stack: LocalStack): Promise<House['livery']> => {
  const sealing = await ensureSealingKeys(stack.settings.dataDir);
  const env = controlPlaneEnvironment(stack.settings, sealing);
  const program = path.join(stack.settings.checkout, 'dist', 'src', 'cli.js');
  return async (...typed) => (await run(process.execPath, [program, ...typed], { env })).stdout;
};

const openReseller = async (operator: ApiClient, name: string): Promise<SellingReseller> => {
  const label = name.toLowerCase();
  // Names that the stack's certificate covers, whatever the reseller is called.
  const portalHost = `${label}.fjordnet.localhost`;
  const zoneName = `mailzone.${label}.example`;
  const reseller = await operator.post<Made>('/resellers', { name });
  const base = `/resellers/${reseller.id}`;
  const brand = await operator.post<Made>(`${base}/brands`, {
    name: `${name} Mail`,
    supportEmail: `help@${label}.example`,
    mailHost: `mail-${label}.fjordnet.localhost`,
    zoneName,
  });
  await operator.post(`${base}/brands/${brand.id}/hosts`, { name: portalHost, purpose: 'portal' });
  const plan = await operator.post<Made>(`${base}/plans`, PLAN);
  const { key } = await operator.post<{ key: string }>(`${base}/api-keys`, { name: 'tests' });
  const api = operator.as({ host: portalHost, key });
  return { id: reseller.id, brandId: brand.id, planId: plan.id, portalHost, zoneName, api };
};

/** What `look` gives once it gives something truthy. Throws, with the last fault, when that takes too long. */
export const eventually = async <T>(look: () => Promise<T>, withinMs = 15_000): Promise<NonNullable<T>> => {
  const deadline = Date.now() + withinMs;
  let last: unknown = 'it stayed empty';
  while (Date.now() < deadline) {
    try {
      const seen = await look();
      if (seen) return seen as NonNullable<T>;
    } catch (fault) {
      last = fault;
    }
    await pause(50);
  }
  throw new Error(`Not within ${withinMs} ms: ${String(last)}`);
};
