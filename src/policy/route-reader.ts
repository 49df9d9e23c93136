import { readlinkSync } from 'node:fs';
import Database from 'better-sqlite3';

export interface MailboxLimit {
  readonly mailboxId: string;
  readonly hourlyMessages: number;
}

const LOOK_AGAIN_MS = 1_000;
const FIND = 'select id as mailboxId, hourly_messages as hourlyMessages from mailbox where address = ?';

/** Reads limits from the route file of the node, and follows it to a new generation. */
export class RouteReader {
  private db: Database.Database | null = null;
  private find: Database.Statement<[string], MailboxLimit> | null = null;
  private generation = '';
  private lookedAtMs = 0;

  constructor(
    private readonly file: string,
    private readonly now: () => number,
  ) {}

  /** Null for a login that is no mailbox of ours. @throws while there is no file to read. */
  findLimit(login: string): MailboxLimit | null {
    return this.open().get(login) ?? null;
  }

  private open(): Database.Statement<[string], MailboxLimit> {
    const nowMs = this.now();
    if (this.find !== null && nowMs - this.lookedAtMs < LOOK_AGAIN_MS) return this.find;
    this.lookedAtMs = nowMs;
    const generation = readlinkSync(this.file);
    if (this.find !== null && generation === this.generation) return this.find;
    this.find = null;
    this.db?.close();
    this.db = new Database(this.file, { readonly: true, timeout: 20 });
    this.find = this.db.prepare<[string], MailboxLimit>(FIND);
    this.generation = generation;
    return this.find;
  }
}
