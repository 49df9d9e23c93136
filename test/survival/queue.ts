import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { enginePaths } from '#libs/engine-config';
import type { StackSettings } from '../../src/stack/settings.js';
import { eventually } from '../house/house.js';

const run = promisify(execFile);

/** Every folder a message may lie in; a file in `corrupt` never leaves it, and so is never overlooked. */
const FOLDERS = ['maildrop', 'incoming', 'active', 'deferred', 'hold', 'corrupt'];

const paths = (settings: StackSettings) => enginePaths({ rootFolder: settings.dataDir });

/** The files of all messages the engine has accepted and not yet handed on. */
export const listQueue = async (settings: StackSettings): Promise<string[]> => {
  const listed = await Promise.all(
    FOLDERS.map(async (folder) => {
      const root = path.join(paths(settings).postfixSpool, folder);
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.join(parentPath, name));
    }),
  );
  const files = listed.flat();
  const whole = await Promise.all(files.map(isWhole));
  return files.filter((_file, index) => whole[index]);
};

/** Postfix makes a file executable when it is complete and on disk, and answers "250" only then. */
const isWhole = async (file: string): Promise<boolean> => {
  const found = await stat(file).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  });
  return found !== null && (found.mode & 0o100) !== 0;
};

/** Has everything that waits tried at once. */
export const flushQueue = async (settings: StackSettings): Promise<void> => {
  await run('postqueue', ['-c', paths(settings).postfixEtc, '-f']);
};

/** A message changes folders by a rename, which one look may miss: empty is what was empty three times. */
export const waitForEmptyQueue = async (settings: StackSettings, withinMs = 60_000): Promise<void> => {
  let empty = 0;
  await eventually(async () => {
    const waiting = await listQueue(settings);
    empty = waiting.length === 0 ? empty + 1 : 0;
    if (waiting.length > 0) throw new Error(`${waiting.length} messages wait, among them ${waiting[0]}`);
    return empty >= 3;
  }, withinMs);
};
