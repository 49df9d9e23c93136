import { chmodSync, chownSync, existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { WRITEBACK_TABLES } from '#libs/directory-file';

const FILE_MODE = 0o660;

/**
 * Opens the file the mail store reports into. What it holds is repeated by the store in time, so a missing or
 * damaged one is made anew; `damaged` says so, for the store must then open it again.
 */
export const openWritebackFile = (
  file: string,
): { readonly db: Database.Database; readonly damaged: boolean } => {
  const missing = !existsSync(file);
  const damaged = !missing && !isSound(file);
  if (damaged) for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true });
  const db = new Database(file, { timeout: 250 });
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = normal');
  if (missing || damaged) db.exec(`begin; ${WRITEBACK_TABLES} commit`);
  openToStore(file);
  return { db, damaged };
};

const isSound = (file: string): boolean => {
  try {
    const db = new Database(file, { timeout: 1_000 });
    const tables = db.prepare(`select name from sqlite_schema where type = 'table'`).pluck().all();
    const whole = ['usage', 'last_login', 'dirty'].every((table) => tables.includes(table));
    const sound = whole && db.pragma('quick_check', { simple: true }) === 'ok';
    db.close();
    return sound;
  } catch (fault) {
    if (fault instanceof Database.SqliteError && fault.code !== 'SQLITE_BUSY') return false;
    throw fault;
  }
};

/** The store's dict process writes it too, by its group. */
const openToStore = (file: string): void => {
  const { gid } = statSync(path.dirname(file));
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    if (!existsSync(name)) continue;
    chownSync(name, statSync(name).uid, gid);
    chmodSync(name, FILE_MODE);
  }
};
