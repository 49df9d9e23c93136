import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EngineVersions } from '#libs/engine-config';

const run = promisify(execFile);

/** Asks the programs themselves. `postconf -d` tells its own defaults and needs no configuration on the machine. */
export async function readEngineVersions(): Promise<EngineVersions> {
  const [postfix, dovecot, rspamd] = await Promise.all([
    versionFrom('/usr/sbin/postconf', ['-d', '-h', 'mail_version']),
    versionFrom('/usr/sbin/dovecot', ['--version']),
    versionFrom('/usr/bin/rspamd', ['--version']),
  ]);
  return { postfix, dovecot, rspamd };
}

/** The first number with a dot in what the program says; null when there is no such program. */
async function versionFrom(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run(command, args, { timeout: 10_000 });
    return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
