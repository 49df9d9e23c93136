import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** One line of the kernel's process table, as far as supervision needs it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Clock ticks after boot (proc(5), field 22); with the boot id it tells a process from a later one of its number. */
  readonly startTicks: number;
  readonly zombie: boolean;
}

/** Fields of `/proc/<pid>/stat`. The command sits in brackets and may itself hold spaces and brackets. */
export function parseStat(stat: string): ProcessEntry {
  const afterCommand = stat.lastIndexOf(')');
  const fields = stat.slice(afterCommand + 2).split(' ');
  const entry = {
    pid: Number.parseInt(stat, 10),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    groupId: Number(fields[2]),
    sessionId: Number(fields[3]),
    startTicks: Number(fields[19]),
  };
  if (afterCommand < 0 || !Number.isInteger(entry.startTicks)) throw new Error(`Not a process line: ${stat}`);
  return entry;
}

/** Null when there is no such process. A zombie is listed as one: it holds no port and no file. */
export async function findProcess(pid: number): Promise<ProcessEntry | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Every live process of a session: a service's children keep it even when they make groups of their own. */
export async function listSession(sessionId: number): Promise<readonly ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(pids.map((pid) => findProcess(Number(pid))));
  return entries.filter(
    (entry) => entry !== null && entry.sessionId === sessionId && !entry.zombie,
  ) as ProcessEntry[];
}

/** Whether a process works in the folder or holds one of its files open. */
export async function usesFolder(pid: number, folder: string): Promise<boolean> {
  const links = [`/proc/${pid}/cwd`, `/proc/${pid}/root`];
  try {
    for (const fd of await readdir(`/proc/${pid}/fd`)) links.push(`/proc/${pid}/fd/${fd}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  const targets = await Promise.all(links.map((link) => readlink(link).catch(() => '')));
  return targets.some((target) => target === folder || target.startsWith(folder + path.sep));
}

/** Differs after every boot, so that ticks of an earlier one are never compared with ours. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

const isGone = (error: unknown): boolean =>
  ['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
