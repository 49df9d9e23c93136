import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findKeptEnvironment, OPERATOR_HOST } from '../house/control-plane-environment.js';
import type { StackSettings } from '../settings.js';
import type { StackSite, StackStep } from '../steps.js';
import { ApiClient } from './api-client.js';
import { DEMO } from './demo-plan.js';
import { DemoMaker, type DemoWorld, publishRecords } from './demo-world.js';
import { sendAndRead } from './round-trip.js';

const run = promisify(execFile);

/** Who to sign in as. */
export interface Demo extends DemoWorld {
  readonly operator: { readonly signInName: string; readonly password: string; readonly key: string };
}

const OPERATOR_NAME = 'operator@operator.example';

const find = async <T>(dataDir: string, name: string): Promise<T | null> => {
  try {
    return JSON.parse(await readFile(path.join(dataDir, 'secrets', name), 'utf8')) as T;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fault;
  }
};

const keep = (settings: StackSettings, name: string, what: unknown): Promise<void> =>
  writeFile(path.join(settings.dataDir, 'secrets', name), `${JSON.stringify(what, null, 2)}\n`, {
    mode: 0o600,
  });

/** Null before the demo was made. */
export const findDemo = (dataDir: string): Promise<Demo | null> => find<Demo>(dataDir, 'demo.json');

/** Makes the demo at the first start; gives the sandbox's DNS its records again at the later ones. */
export const demo: StackStep = {
  title: 'demo',
  start: async (site) => {
    const known = await findDemo(site.settings.dataDir);
    const world = known ?? (await makeDemo(site));
    if (known) await publishAgain(site, known);
    const [mailbox] = world.mailboxes;
    if (mailbox) await sendAndRead(site.settings, mailbox);
    return `${known ? 'kept' : 'made'}; one message sent in and read back`;
  },
};

const makeDemo = async (site: StackSite): Promise<Demo> => {
  const { settings, dns } = site;
  const operator = await ensureOperator(settings);
  const client = await clientFor(settings, OPERATOR_HOST, operator.key);
  const world = await new DemoMaker(client, dns, (name) => passwordFor(settings, name)).make();
  const made: Demo = { ...world, operator };
  await keep(settings, 'demo.json', made);
  return made;
};

/** Kept before anything else is made: what is repeated after an interrupted start must be asked with the same key. */
const ensureOperator = async (settings: StackSettings): Promise<Demo['operator']> => {
  const known = await find<Demo['operator']>(settings.dataDir, 'demo-operator.json');
  if (known) return known;
  const password = passwordFor(settings, OPERATOR_NAME);
  const name = ['--sign-in-name', OPERATOR_NAME, '--name', 'Operator'];
  await livery(settings, ['operator', 'add', ...name], { LIVERY_PASSWORD: password }).catch(
    (fault: Error) => {
      if (!fault.message.includes('already signs in')) throw fault;
    },
  );
  const { key } = JSON.parse(await livery(settings, ['operator', 'key', '--name', 'demo'])) as {
    key: string;
  };
  const operator = { signInName: OPERATOR_NAME, password, key };
  await keep(settings, 'demo-operator.json', operator);
  return operator;
};

/** The same at every start, and nobody's to guess. */
const passwordFor = (settings: StackSettings, name: string): string =>
  createHmac('sha256', settings.secrets.secretKey)
    .update(`demo password ${name}`)
    .digest('base64url')
    .slice(0, 12);

const publishAgain = async ({ settings, dns }: StackSite, known: Demo): Promise<void> => {
  const seller = await clientFor(settings, DEMO.brand.portalHost, known.resellerKey);
  for (const domain of known.domains) await publishRecords(seller, dns, domain);
};

const clientFor = async (settings: StackSettings, host: string, key: string): Promise<ApiClient> =>
  new ApiClient(settings, await readFile(settings.tls.authorityFile, 'utf8'), { host, key });

/** The command line, as the operator would type it. */
const livery = async (
  settings: StackSettings,
  typed: readonly string[],
  secrets: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const program = path.join(settings.checkout, 'dist', 'src', 'cli.js');
  const environment = { ...(await findKeptEnvironment(settings.dataDir)), ...secrets };
  const { stdout } = await run(process.execPath, [program, ...typed], { env: environment });
  return stdout;
};
