import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { ownerSource, prepareServer } from '../../src/platform/database/migrator.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { type Rooms, startRooms } from './harness.js';

/** The table in which TypeORM counts migrations, and what belongs to it. */
const NOT_TYPEORMS = `c.relname !~ '^(migration|PK_)'`;

describe('migrations', () => {
  let source: DataSource;

  beforeAll(async () => {
    const name = `migrations_${randomBytes(6).toString('hex')}`;
    const adminUrl = inject('adminUrl');
    await prepareServer(adminUrl, name, { owner: 'owner', app: 'app', feed: 'feed' });
    const url = new URL(adminUrl);
    url.username = 'livery_owner';
    url.password = 'owner';
    url.pathname = `/${name}`;
    source = await ownerSource(url.href);
  });
  afterAll(() => source.destroy());

  /** Everything a migration can leave behind, as one text. */
  const shape = async (): Promise<string[]> => {
    const rows = await source.query<{ line: string }[]>(`
      select 'schema ' || nspname as line from pg_namespace where nspname !~ '^(pg_|information_schema)'
      union all select c.relkind::text || ' ' || c.oid::regclass || ' ' || coalesce(c.relacl::text, '')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^(pg_|information_schema)' and ${NOT_TYPEORMS}
      union all select 'column ' || a.attrelid::regclass || '.' || a.attname || ' ' || a.attnotnull || ' '
          || format_type(a.atttypid, a.atttypmod) || ' ' || coalesce(a.attacl::text, '')
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^(pg_|information_schema)' and a.attnum > 0 and ${NOT_TYPEORMS}
      union all select 'function ' || p.oid::regprocedure || ' ' || coalesce(p.proacl::text, '')
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^(pg_|information_schema)'
      union all select 'policy ' || polname || ' ' || polrelid::regclass || ' '
          || coalesce(pg_get_expr(polqual, polrelid), '') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '')
        from pg_policy
      union all select 'trigger ' || tgname || ' ' || tgrelid::regclass from pg_trigger where not tgisinternal
      union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where conrelid <> 0 and connamespace::regnamespace::text !~ '^(pg_|information_schema)'
          and conrelid::regclass::text <> 'migration'
      order by 1`);
    return rows.map(({ line }) => line);
  };

  it('go up, all the way down to nothing, and up again to the same', async () => {
    const empty = await shape();
    expect(empty.filter((line) => !line.startsWith('schema '))).toEqual([]);
    await source.runMigrations();
    const first = await shape();
    expect(first.length).toBeGreaterThan(300);
    for (let step = 0; step < MIGRATIONS.length; step += 1) await source.undoLastMigration();
    expect(await shape()).toEqual(empty);
    expect(await source.runMigrations()).toHaveLength(MIGRATIONS.length);
    expect(await shape()).toEqual(first);
  });
});

describe('entities', () => {
  let rooms: Rooms;

  beforeAll(async () => {
    rooms = await startRooms();
  });
  afterAll(() => rooms.stop());

  interface Column {
    readonly type: string;
    readonly nullable: boolean;
  }

  const columnsOf = async (table: string): Promise<Map<string, Column>> => {
    const rows = await rooms.sql<Column & { name: string }>(
      `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [`public.${table}`],
    );
    return new Map(rows.map(({ name, ...column }) => [name, column]));
  };

  /** As Postgres spells what an entity says. */
  const spelled = (type: unknown, isArray: boolean): string => {
    const name = type === 'timestamptz' ? 'timestamp with time zone' : String(type);
    return isArray ? `${name}[]` : name;
  };

  it('name the columns that their tables have, with the same type and the same right to be empty', async () => {
    const { entityMetadatas } = rooms.get(DataSource);
    expect(entityMetadatas.length).toBeGreaterThan(12);
    for (const entity of entityMetadatas) {
      const columns = await columnsOf(entity.tableName);
      for (const { databaseName, type, isArray, isNullable } of entity.columns)
        expect({
          column: `${entity.tableName}.${databaseName}`,
          type: spelled(type, isArray),
          nullable: isNullable,
        }).toEqual({ column: `${entity.tableName}.${databaseName}`, ...columns.get(databaseName) });
    }
  });

  it('leave out no column that must be filled and fills itself in by nothing', async () => {
    for (const { tableName, columns } of rooms.get(DataSource).entityMetadatas) {
      const needed = await rooms.sql<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
         and attnotnull and not atthasdef and attidentity = ''`,
        [`public.${tableName}`],
      );
      const known = columns.map(({ databaseName }) => databaseName);
      expect(
        needed.filter(({ name }) => !known.includes(name)),
        tableName,
      ).toEqual([]);
    }
  });

  it('are reached in a scope only', async () => {
    const source = rooms.get(DataSource);
    for (const entity of source.entityMetadatas)
      await expect(source.manager.find(entity.target, { take: 1 }), entity.tableName).rejects.toMatchObject({
        // The login role does not even see the schema.
        code: expect.stringMatching(/^(42501|42P01)$/),
      });
    await expect(rooms.get(TenantDb).transaction(async () => 1)).rejects.toThrow('No scope');
  });
});
