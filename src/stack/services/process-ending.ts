import { setTimeout as pause } from 'node:timers/promises';
import { judgeRecord, type PidRecord } from './pid-record.js';
import { bootId, findProcess, listSession, type ProcessEntry, usesFolder } from './process-table.js';

const LOOK_AGAIN_MS = 50;
const KILL_TIMEOUT_MS = 5_000;

/**
 * What is left of a started service: its whole session, since the children of a mail server outlive a killed
 * master and keep its sockets. When the leader is gone its start time can no longer be compared; a survivor then
 * counts only while it works in the stack's folder.
 */
export async function listSurvivors(record: PidRecord, dataDir: string): Promise<readonly ProcessEntry[]> {
  const verdict = judgeRecord(record, await findProcess(record.pid), await bootId());
  if (verdict === 'stranger') return [];
  const session = await listSession(record.pid);
  if (verdict === 'ours') return session;
  const ours = await Promise.all(session.map(({ pid }) => usesFolder(pid, dataDir)));
  return session.filter((_, index) => ours[index]);
}

/**
 * Asks the service to end, waits `timeoutMs`, then kills what is left.
 * @returns how it ended; `killed` means it did not go by itself in time.
 */
export async function endGently(
  record: PidRecord,
  dataDir: string,
  timeoutMs: number,
): Promise<'ended' | 'killed'> {
  const survivors = await listSurvivors(record, dataDir);
  if (record.stopTarget === 'leader') signal(record.pid, record.stopSignal, survivors);
  else signalGroups(survivors, record.stopSignal);
  if (await allGone(record, dataDir, timeoutMs)) return 'ended';
  await endNow(record, dataDir);
  return 'killed';
}

/** Kills the service and all its children at once. @throws when a process outlives SIGKILL. */
export async function endNow(record: PidRecord, dataDir: string): Promise<void> {
  const deadline = Date.now() + KILL_TIMEOUT_MS;
  for (;;) {
    const survivors = await listSurvivors(record, dataDir);
    if (survivors.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${record.name} (process ${record.pid}) does not end.`);
    signalGroups(survivors, 'SIGKILL');
    await pause(LOOK_AGAIN_MS);
  }
}

async function allGone(record: PidRecord, dataDir: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while ((await listSurvivors(record, dataDir)).length > 0) {
    if (Date.now() > deadline) return false;
    await pause(LOOK_AGAIN_MS);
  }
  return true;
}

function signalGroups(survivors: readonly ProcessEntry[], name: NodeJS.Signals): void {
  for (const groupId of new Set(survivors.map((entry) => entry.groupId))) send(-groupId, name);
}

function signal(pid: number, name: NodeJS.Signals, survivors: readonly ProcessEntry[]): void {
  if (survivors.some((entry) => entry.pid === pid)) send(pid, name);
  else signalGroups(survivors, name);
}

function send(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (error) {
    // It ended between the look and the signal, which is what we wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
