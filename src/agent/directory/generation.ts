import { chmodSync, chownSync, closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';

const FILE_MODE = 0o640;
const INDEX_MODE = 0o660;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** Rows come in no order of their keys: pages of the tree are met again and again while it grows. */
const LOADING_CACHE_KIB = 128 * 1024;
const NAME = /^gen-(\d+)\.sqlite/;

export const generationFile = (folder: string, generation: number): string =>
  path.join(folder, `gen-${generation}.sqlite`);

/** Which generation `current.sqlite` stands for; null when there is none yet. */
export const findCurrentGeneration = async (folder: string): Promise<number | null> => {
  const target = await readlink(path.join(folder, 'current.sqlite')).catch(() => null);
  const number = NAME.exec(target ?? '')?.[1];
  return number === undefined ? null : Number(number);
};

export const highestGeneration = async (folder: string): Promise<number> => {
  const numbers = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
};

/** Opens for writing and gives the file the modes its readers need. Waits briefly for nobody: there is one writer. */
export const openForWriting = (file: string): Database.Database => {
  const db = new Database(file, { timeout: 1_000 });
  // A rollback journal would lock readers out; Postfix hangs on a locked file.
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  openToReaders(db, file);
  return db;
};

/**
 * The folder's group may read, and may write the WAL's index: a reader that cannot take its locks sometimes answers
 * "readonly database" in the middle of a commit. A write makes sure that the files beside it exist.
 */
const openToReaders = (db: Database.Database, file: string): void => {
  const { gid } = statSync(path.dirname(file));
  db.pragma(`user_version = ${Number(db.pragma('user_version', { simple: true })) + 1}`);
  for (const [name, mode] of [
    [file, FILE_MODE],
    [`${file}-wal`, FILE_MODE],
    [`${file}-shm`, INDEX_MODE],
  ] as const) {
    const { gid: held, uid } = statSync(name);
    if (held !== gid) chownSync(name, uid, gid);
    chmodSync(name, mode);
  }
};

/** For the load of a new generation that nobody reads yet: no journal, one sync at the end. */
export const createForLoading = (file: string): Database.Database => {
  const db = new Database(file);
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  db.pragma('locking_mode = exclusive');
  db.pragma(`cache_size = -${LOADING_CACHE_KIB}`);
  return db;
};

/** Checks, writes to disk and reopens a loaded file. @throws when the check finds fault. */
export const finishLoading = (db: Database.Database, file: string): Database.Database => {
  db.exec('analyze');
  const verdict = db.pragma('quick_check', { simple: true });
  db.close();
  if (verdict !== 'ok') throw new Error(`The new directory file failed its check: ${String(verdict)}`);
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  return openForWriting(file);
};

/**
 * Makes `current.sqlite` stand for this generation. A link is swapped, never the file renamed over: readers that
 * have the old one open keep it whole, with its own -wal and -shm.
 */
export const pointTo = async (folder: string, generation: number): Promise<void> => {
  const waiting = path.join(folder, 'next.sqlite');
  await rm(waiting, { force: true });
  await symlink(path.basename(generationFile(folder, generation)), waiting);
  await rename(waiting, path.join(folder, 'current.sqlite'));
};

export const removeGeneration = async (folder: string, generation: number): Promise<void> => {
  const file = generationFile(folder, generation);
  for (const name of [file, `${file}-wal`, `${file}-shm`]) await rm(name, { force: true });
};

/** Every generation but this one: left behind by a rebuild that did not finish, or by an earlier run. */
export const listOtherGenerations = async (folder: string, kept: number | null): Promise<number[]> => {
  const numbers = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return [...new Set(numbers)].filter((number) => number > 0 && number !== kept);
};
