import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { enginePaths, reloadCommands, type EngineCommand, type EngineSettings } from '#libs/engine-config';
import type { SessionControl } from '../revocation/revocations.js';

const run = promisify(execFile);
const TIME_LIMIT_MS = 10_000;
/** EX_NOHOST, which doveadm uses for "nobody by that name is signed in". */
const NOBODY_SIGNED_IN = 68;

/** @throws with what the command said when it fails or takes too long. */
export const runCommand = async ({ command, args }: EngineCommand): Promise<void> => {
  await run(command, [...args], { timeout: TIME_LIMIT_MS, killSignal: 'SIGKILL' });
};

/** Has the daemons open the directory again. All are tried; rejects when one of them failed. */
export const reloadDaemons = async (settings: EngineSettings): Promise<void> => {
  const outcomes = await Promise.allSettled(reloadCommands(settings).map(runCommand));
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failed.length > 0) throw new Error(failed.map((outcome) => String(outcome.reason)).join('; '));
};

export const doveadmSessions = (settings: EngineSettings): SessionControl => {
  const doveadm = (...args: string[]): Promise<void> =>
    runCommand({
      command: '/usr/bin/doveadm',
      args: ['-c', `${enginePaths(settings).dovecotEtc}/dovecot.conf`, ...args],
    });
  return {
    flush: (users) => doveadm('auth', 'cache', 'flush', ...users),
    kick: (mask) =>
      doveadm('kick', mask).catch((fault: unknown) => {
        if ((fault as { code?: unknown }).code !== NOBODY_SIGNED_IN) throw fault;
      }),
  };
};
