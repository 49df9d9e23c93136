import Database from 'better-sqlite3';
import { FILE_TABLES, type FedKind, type FileName } from './file-tables.js';

type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Keys that changed and the rows they have now; a key without a row is gone. */
export interface KindChange {
  readonly ids: readonly string[];
  readonly rows: readonly Row[];
}
export type Changes = ReadonlyMap<FedKind, KindChange>;
export type Facts = Readonly<Record<string, string>>;

interface Statements {
  readonly columns: readonly string[];
  readonly remove: Database.Statement<[string]>;
  readonly insert: Database.Statement<(string | number | null)[]>;
}

/**
 * One open directory file and its only writer. It is never closed while it is the current one: the last user to
 * close a database in WAL mode removes the files beside it, and a reader that may not write could then not open it.
 */
export class DirectoryFile {
  private readonly statements: ReadonlyMap<FedKind, Statements>;

  constructor(
    readonly name: FileName,
    readonly db: Database.Database,
  ) {
    this.statements = new Map(FILE_TABLES[name].kinds.map((kind) => [kind, prepare(db, kind)]));
  }

  get kinds(): readonly FedKind[] {
    return FILE_TABLES[this.name].kinds;
  }

  columns(kind: FedKind): readonly string[] {
    return this.statements.get(kind)?.columns ?? [];
  }

  /** All in one transaction: a reader sees the state before or the state after, and the facts agree with it. */
  apply(changes: Changes, facts: Facts): void {
    this.db
      .transaction(() => {
        for (const [kind, change] of changes) this.replaceRows(kind, change);
        this.setFacts(facts);
      })
      .immediate();
  }

  insert(kind: FedKind, rows: readonly Row[]): void {
    const statements = this.statements.get(kind);
    if (statements === undefined) return;
    for (const row of rows)
      statements.insert.run(...statements.columns.map((column) => toSqlite(row[column])));
  }

  setFacts(facts: Facts): void {
    const set = this.db.prepare('insert or replace into meta (key, value) values (?, ?)');
    for (const [key, value] of Object.entries(facts)) set.run(key, value);
  }

  findFact(key: string): string | null {
    return findFact(this.db, key);
  }

  private replaceRows(kind: FedKind, change: KindChange): void {
    const statements = this.statements.get(kind);
    if (statements === undefined) return;
    // All deletes first: an address may have moved from one of these rows to another.
    for (const id of change.ids) statements.remove.run(id);
    this.insert(kind, change.rows);
  }
}

/** Null also where the file has no tables at all. */
export const findFact = (db: Database.Database, key: string): string | null => {
  const made = db.prepare(`select 1 from sqlite_schema where name = 'meta'`).get();
  if (made === undefined) return null;
  const row = db.prepare<[string], { value: string }>('select value from meta where key = ?').get(key);
  return row?.value ?? null;
};

const prepare = (db: Database.Database, kind: FedKind): Statements => {
  const columns = (db.pragma(`table_info(${kind})`) as { name: string }[]).map((column) => column.name);
  return {
    columns,
    remove: db.prepare(`delete from ${kind} where id = ?`),
    // "or replace": a large batch comes in pages, and the row that gave an address away may be on a later one.
    insert: db.prepare(
      `insert or replace into ${kind} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    ),
  };
};

/** Postgres sends 64-bit integers as text; the column's affinity makes them integers again, without a loss. */
const toSqlite = (cell: Cell | undefined): string | number | null => {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  return cell ?? null;
};
