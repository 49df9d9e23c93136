import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bootId, findProcess, type ProcessEntry } from './process-table.js';

/** What is written down about a started service, so that a later supervisor can find and recognise it. */
export interface PidRecord {
  readonly name: string;
  readonly pid: number;
  readonly groupId: number;
  readonly startTicks: number;
  readonly bootId: string;
  readonly command: readonly string[];
  readonly stopSignal: NodeJS.Signals;
  /** Whom the stop signal is for: Postgres ends its own children and takes it amiss when they are told first. */
  readonly stopTarget: StopTarget;
}

export type StopTarget = 'leader' | 'group';

/**
 * `ours`: the very process we started. `leaderless`: it is gone, though its session may have survivors.
 * `stranger`: its number was given to another process, or the machine was started anew; never to be touched.
 */
export type PidVerdict = 'ours' | 'leaderless' | 'stranger';

export function judgeRecord(record: PidRecord, found: ProcessEntry | null, currentBoot: string): PidVerdict {
  if (record.bootId !== currentBoot) return 'stranger';
  if (found === null || found.zombie) return 'leaderless';
  return found.startTicks === record.startTicks ? 'ours' : 'stranger';
}

type StartedProcess = Omit<PidRecord, 'groupId' | 'startTicks' | 'bootId'>;

/** Null when the process ended before it could be looked at. */
export async function describeProcess(started: StartedProcess): Promise<PidRecord | null> {
  const found = await findProcess(started.pid);
  if (found === null) return null;
  return { ...started, groupId: found.groupId, startTicks: found.startTicks, bootId: await bootId() };
}

const fileOf = (dataDir: string, name: string): string => path.join(runFolder(dataDir), `${name}.json`);
const runFolder = (dataDir: string): string => path.join(dataDir, 'run');

export async function writeRecord(dataDir: string, record: PidRecord): Promise<void> {
  await mkdir(runFolder(dataDir), { recursive: true });
  const file = fileOf(dataDir, record.name);
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.new`, file);
}

export async function removeRecord(dataDir: string, name: string): Promise<void> {
  await rm(fileOf(dataDir, name), { force: true });
}

/** All records left in the folder; none when the stack never ran here. */
export async function listRecords(dataDir: string): Promise<readonly PidRecord[]> {
  const names = await readdir(runFolder(dataDir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json'));
  return Promise.all(
    files.map(async (file) => {
      return JSON.parse(await readFile(path.join(runFolder(dataDir), file), 'utf8')) as PidRecord;
    }),
  );
}
