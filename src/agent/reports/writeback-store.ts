import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { ClientBase } from 'pg';
import { Log } from '../../platform/logging/log.js';
import { openWritebackFile } from './writeback-file.js';
import { shipWritebacks } from './writebacks.js';

const DAMAGE = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR']);

/** The write-back file while the agent runs: opened when needed, and made anew when it is found damaged or gone. */
export class WritebackStore {
  private readonly log = new Log('Writebacks');
  private db: Database.Database | null = null;

  constructor(
    private readonly file: string,
    /** Has the mail store open the new file. */
    private readonly reload: () => Promise<void>,
  ) {}

  async ship(client: ClientBase): Promise<boolean> {
    const db = await this.open();
    try {
      return await shipWritebacks(db, client);
    } catch (fault) {
      if (!(fault instanceof Database.SqliteError) || !DAMAGE.has(fault.code)) throw fault;
      this.log.error('The write-back file is damaged and is made anew', { reason: fault.message });
      this.db = null;
      db.close();
      return true;
    }
  }

  private async open(): Promise<Database.Database> {
    if (this.db !== null && statSync(this.file, { throwIfNoEntry: false }) !== undefined) return this.db;
    const replaced = this.db !== null;
    this.db?.close();
    const { db, damaged } = openWritebackFile(this.file);
    this.db = db;
    if (damaged || replaced) await this.reload();
    return db;
  }
}
