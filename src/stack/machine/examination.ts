import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { findPostgresPrograms } from '../services/postgres.service.js';
import type { Listener } from '../ports.js';
import { readEngineVersions } from './engine-versions.js';
import { someFileFits } from './file-signs.js';
import type { MachineFacts } from './machine-judgement.js';
import { packagesFor, type Purpose } from './packages.js';
import { findUser } from './system-user.js';
import { listUnusable } from './taken-ports.js';

export interface Examined {
  readonly dataDir: string;
  readonly listeners: readonly Listener[];
  readonly purpose: Purpose;
}

/** Looks at everything the stack needs of this machine. Changes nothing. */
export async function examineMachine(wishes: Examined): Promise<MachineFacts> {
  const packages = packagesFor(wishes.purpose);
  const present = await Promise.all(packages.map(({ sign }) => someFileFits(sign)));
  const passwd = await readFile('/etc/passwd', 'utf8');
  return {
    dataDir: wishes.dataDir,
    isRoot: process.getuid?.() === 0,
    hasApt: await isExecutable('/usr/bin/apt-get'),
    missing: packages.filter((_, index) => present[index] !== true),
    hasPostgres: (await findPostgresPrograms()) !== null,
    hasUser: (name) => findUser(passwd, name) !== null,
    engineVersions: await readEngineVersions(),
    freeBytes: await freeBytes(wishes.dataDir),
    closedFolder: await findClosedFolder(wishes.dataDir),
    unusable: await listUnusable(wishes.listeners),
  };
}

/** Free for us where the folder is, or will be made. */
async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(await nearestExisting(folder));
  return found.bavail * found.bsize;
}

/** The highest folder on the way that the system users of the engine could not pass. */
async function findClosedFolder(folder: string): Promise<string | null> {
  const closed: string[] = [];
  for (let each = await nearestExisting(folder); each !== '/'; each = path.dirname(each)) {
    if (((await stat(each)).mode & 0o001) === 0) closed.push(each);
  }
  return closed.at(-1) ?? null;
}

async function nearestExisting(folder: string): Promise<string> {
  let each = path.resolve(folder);
  while (!(await isThere(each))) each = path.dirname(each);
  return each;
}

const isThere = (file: string): Promise<boolean> => allows(file, constants.F_OK);
const isExecutable = (file: string): Promise<boolean> => allows(file, constants.X_OK);

const allows = (file: string, mode: number): Promise<boolean> =>
  access(file, mode).then(
    () => true,
    () => false,
  );
