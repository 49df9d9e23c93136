import { execFile } from 'node:child_process';
import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { mailUserCommand } from './machine-judgement.js';
import type { NeededPackage } from './packages.js';

const run = promisify(execFile);

const SERVICE_POLICY = '/usr/sbin/policy-rc.d';
const LARGEST_OUTPUT_BYTES = 32 * 1024 * 1024;
const APT_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** Says a step aloud, and how long it took when it is done. */
export type Narrate = <T>(step: string, work: () => Promise<T>) => Promise<T>;

/** Installs the packages; their services neither start now nor at the next boot. */
export async function installPackages(packages: readonly NeededPackage[], narrate: Narrate): Promise<void> {
  const names = packages.map(({ name }) => name);
  if (!(await hasPackageLists())) await narrate('fetching the package lists', () => apt(['update']));
  await choosePostfixWithoutConfiguration();
  await withServicesKeptDown(async () => {
    await narrate(`installing ${names.join(' ')}`, () => installOrRefresh(names));
  });
  await disableUnits(packages.flatMap(({ unit }) => (unit === undefined ? [] : [unit])));
}

/** The account that owns every mailbox. */
export async function makeMailUser(): Promise<void> {
  await run(mailUserCommand[0] ?? '', mailUserCommand.slice(1), { env: APT_ENVIRONMENT });
}

/** Lists grow old: a version they name may be gone from the mirror, and fetching them anew is the cure. */
async function installOrRefresh(names: readonly string[]): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', ...names];
  try {
    await apt(install);
  } catch {
    await apt(['update']);
    await apt(install);
  }
}

async function apt(args: readonly string[]): Promise<void> {
  try {
    await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env: APT_ENVIRONMENT,
      maxBuffer: LARGEST_OUTPUT_BYTES,
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const end = `${stdout}${stderr}`.trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`"apt-get ${args.join(' ')}" failed:\n${end}`, { cause: error });
  }
}

async function hasPackageLists(): Promise<boolean> {
  const names = await readdir('/var/lib/apt/lists').catch(() => []);
  return names.some((name) => name.includes('_Packages'));
}

/** Without this answer the package would write a configuration, and a machine's own must stay as it is. */
async function choosePostfixWithoutConfiguration(): Promise<void> {
  const child = run('debconf-set-selections', [], { env: APT_ENVIRONMENT });
  child.child.stdin?.end('postfix postfix/main_mailer_type select No configuration\n');
  await child;
}

/** Debian asks this file before it starts a service; one that is there already is left alone. */
async function withServicesKeptDown(work: () => Promise<void>): Promise<void> {
  const isOurs = await writeFile(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { flag: 'wx', mode: 0o755 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (isOurs) await chmod(SERVICE_POLICY, 0o755);
  try {
    await work();
  } finally {
    if (isOurs) await rm(SERVICE_POLICY, { force: true });
  }
}

async function disableUnits(units: readonly string[]): Promise<void> {
  if (units.length === 0) return;
  try {
    await run('systemctl', ['--quiet', 'disable', ...units], { env: APT_ENVIRONMENT });
  } catch (error) {
    // A machine without systemd starts nothing at boot by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
