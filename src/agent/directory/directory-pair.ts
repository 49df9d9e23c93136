import path from 'node:path';
import Database from 'better-sqlite3';
import { DIRECTORY_SCHEMA_VERSION } from '#libs/directory-file';
import { DirectoryFile, findFact, type Changes, type Facts } from './directory-file.js';
import { FILE_NAMES, FILE_TABLES, splitTables, type FileName } from './file-tables.js';
import {
  createForLoading,
  findCurrentGeneration,
  finishLoading,
  generationFile,
  openForWriting,
  pointTo,
  removeGeneration,
} from './generation.js';

/** What the files say about themselves; null where a file is missing or has no tables. */
export interface FileClaims {
  readonly schemaVersion: number | null;
  /** The database the rows came from, as `sourceOf` writes it. */
  readonly source: string | null;
  /** Every transaction below this number is in the files. */
  readonly cursor: bigint | null;
}

/** Both files of one generation, changed together. */
export class DirectoryPair {
  constructor(
    readonly folder: string,
    readonly generation: number,
    readonly route: DirectoryFile,
    readonly auth: DirectoryFile,
  ) {}

  get files(): readonly DirectoryFile[] {
    return [this.route, this.auth];
  }

  /** `authFacts` are for the auth file alone; that file goes first, so that a sign-in never lags behind mail. */
  apply(changes: Changes, facts: Facts, authFacts: Facts = {}): void {
    this.auth.apply(changes, { ...facts, ...authFacts });
    this.route.apply(changes, facts);
  }

  /** Views of both files as they are at this moment, which later commits do not change. Close them soon. */
  pin(): readonly { readonly file: DirectoryFile; readonly db: Database.Database }[] {
    return this.files.map((file) => {
      const db = new Database(file.db.name, { readonly: true });
      db.exec('begin');
      db.prepare('select count(*) from meta').get();
      return { file, db };
    });
  }

  async remove(): Promise<void> {
    for (const file of this.files) file.db.close();
    for (const name of FILE_NAMES) await removeGeneration(path.join(this.folder, name), this.generation);
  }
}

export const NO_CLAIMS: FileClaims = { schemaVersion: null, source: null, cursor: null };

/** The pair in use and what it claims. The pair is null when the files cannot serve and a rebuild is needed. */
export const openCurrentPair = async (
  folder: string,
): Promise<{ readonly pair: DirectoryPair | null; readonly claims: FileClaims }> => {
  const [route, auth] = await Promise.all(
    FILE_NAMES.map((name) => findCurrentGeneration(path.join(folder, name))),
  );
  if (route === null || route === undefined || route !== auth) return { pair: null, claims: NO_CLAIMS };
  try {
    return readPair(folder, route);
  } catch (fault) {
    // A file that SQLite refuses is rebuilt like one that is missing; any other fault is not ours to hide.
    if (!(fault instanceof Database.SqliteError)) throw fault;
    return { pair: null, claims: NO_CLAIMS };
  }
};

const readPair = (
  folder: string,
  generation: number,
): { readonly pair: DirectoryPair | null; readonly claims: FileClaims } => {
  const open = (name: FileName): Database.Database =>
    openForWriting(generationFile(path.join(folder, name), generation));
  const route = open('route');
  const auth = open('auth');
  everOpened.push(route, auth);
  const claims = agree(claimsOf(route), claimsOf(auth));
  if (claims.schemaVersion !== DIRECTORY_SCHEMA_VERSION) return { pair: null, claims };
  const files = [new DirectoryFile('route', route), new DirectoryFile('auth', auth)] as const;
  return { pair: new DirectoryPair(folder, generation, ...files), claims };
};

/** What nobody refers to is closed by the garbage collector, and readers would lose the files beside it. */
const everOpened: Database.Database[] = [];

const claimsOf = (db: Database.Database): FileClaims => {
  const version = findFact(db, 'schema_version');
  const cursor = findFact(db, 'cursor');
  return {
    schemaVersion: version === null ? null : Number(version),
    source: findFact(db, 'source'),
    cursor: cursor === null ? null : BigInt(cursor),
  };
};

/** A process that died between the two commits left one file ahead: the older position counts. */
export const agree = (one: FileClaims, other: FileClaims): FileClaims => {
  if (one.source !== other.source || one.schemaVersion !== other.schemaVersion) return NO_CLAIMS;
  if (one.cursor === null || other.cursor === null) return { ...one, cursor: null };
  return { ...one, cursor: one.cursor < other.cursor ? one.cursor : other.cursor };
};

/** A new generation that is being filled; nobody reads it before `publish`. */
export class LoadingPair {
  readonly files: readonly DirectoryFile[];

  constructor(
    private readonly folder: string,
    readonly generation: number,
  ) {
    this.files = FILE_NAMES.map((name) => {
      const db = createForLoading(generationFile(path.join(folder, name), generation));
      for (const table of splitTables(FILE_TABLES[name].ddl).tables) db.exec(table);
      return new DirectoryFile(name, db);
    });
  }

  /** Indexes, check, disk: everything that takes time, before anybody depends on the files. */
  finish(facts: Facts): DirectoryPair {
    const [route, auth] = this.files.map((file) => {
      for (const index of splitTables(FILE_TABLES[file.name].ddl).indexes) file.db.exec(index);
      file.setFacts({ ...facts, schema_version: String(DIRECTORY_SCHEMA_VERSION) });
      return new DirectoryFile(file.name, finishLoading(file.db, file.db.name));
    });
    if (route === undefined || auth === undefined) throw new Error('A generation has two files.');
    return new DirectoryPair(this.folder, this.generation, route, auth);
  }

  async abandon(): Promise<void> {
    for (const file of this.files) if (file.db.open) file.db.close();
    for (const name of FILE_NAMES) await removeGeneration(path.join(this.folder, name), this.generation);
  }
}

export const publish = async (pair: DirectoryPair): Promise<void> => {
  for (const name of FILE_NAMES) await pointTo(path.join(pair.folder, name), pair.generation);
};
