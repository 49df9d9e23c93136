import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rooms, startRooms } from './harness.js';
import { openOffice } from './offices.js';
import { openSeller } from './sellers.js';

/** Tables that belong to no reseller and no tenant. Whoever adds one says here why nobody's rows are in it. */
const NOBODYS: Readonly<Record<string, string>> = {
  'public.migration': 'names of migrations; only the owner reads it',
  'public.inbox': 'ids of events and names of listeners; reached through doors only',
  'directory.feed': 'keys of changed rows without a value; nodes look each key up in guarded views',
  'directory.feed_floor': 'one number',
  'directory.node': 'the machines of the operator',
};

const OURS = `n.nspname in ('public', 'app', 'door', 'directory')`;
const SCOPE_ROLES = ['livery_tenant', 'livery_reseller', 'livery_operator'] as const;
const LOGIN_ROLES = ['livery_app', 'livery_owner', 'livery_feed'] as const;

interface Table {
  readonly name: string;
  readonly owner: string;
  readonly columns: readonly string[];
  readonly guarded: boolean;
  readonly forced: boolean;
}

const TABLES = `
  select n.nspname || '.' || c.relname as name, pg_get_userbyid(c.relowner) as owner,
    c.relrowsecurity as guarded, c.relforcerowsecurity as forced,
    array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p', 'm', 'f') order by 1`;

interface Right {
  readonly name: string;
  readonly role: string;
  readonly right: string;
  readonly column: string | null;
}

/** Every grant on a table, a view, a sequence or a column of ours to anybody but its owner. */
const RIGHTS = `
  select name, case grantee when 0 then 'public' else pg_get_userbyid(grantee)::text end as role,
    lower(privilege_type) as right, "column"
  from (
    select n.nspname || '.' || c.relname as name, c.relowner, null as "column", g.*
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g where ${OURS}
    union all
    select n.nspname || '.' || c.relname, c.relowner, a.attname::text, g.*
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(a.attacl) g where ${OURS}
  ) granted where grantee <> relowner order by 1, 2, 3, 4`;

interface Policy {
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissive: boolean;
  readonly command: string;
  readonly test: string | null;
  readonly check: string | null;
}

const POLICIES = `
  select n.nspname || '.' || c.relname as name, p.polpermissive as permissive, p.polcmd as command,
    array(select case r when 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) r) as roles,
    pg_get_expr(p.polqual, p.polrelid) as test, pg_get_expr(p.polwithcheck, p.polrelid) as check
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} order by 1`;

interface Routine {
  readonly name: string;
  readonly owner: string;
  readonly definer: boolean;
  readonly settings: readonly string[] | null;
  readonly callers: readonly string[];
}

const ROUTINES = `
  select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner) as owner, p.prosecdef as definer,
    p.proconfig as settings,
    array(select case g.grantee when 0 then 'public' else pg_get_userbyid(g.grantee)::text end
      from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g where g.grantee <> p.proowner
      order by 1) as callers
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} order by 1`;

let rooms: Rooms;
let tables: Table[];
let rights: Right[];
let policies: Policy[];
let routines: Routine[];

beforeAll(async () => {
  rooms = await startRooms();
  tables = await rooms.sql<Table>(TABLES);
  rights = await rooms.sql<Right>(RIGHTS);
  policies = await rooms.sql<Policy>(POLICIES);
  routines = await rooms.sql<Routine>(ROUTINES);
});
afterAll(() => rooms.stop());

const isSomebodys = ({ name, columns }: Table): boolean =>
  ['public.tenant', 'public.reseller'].includes(name) ||
  columns.some((column) => column === 'tenant_id' || column === 'reseller_id');

describe('row security', () => {
  it('is enabled and forced on every table that holds somebody’s rows, partitions among them', () => {
    const somebodys = tables.filter(isSomebodys);
    expect(somebodys.length).toBeGreaterThan(20);
    expect(somebodys.map(({ name }) => name)).toContain('public.mail_event_late');
    expect(somebodys.filter(({ guarded, forced }) => !guarded || !forced)).toEqual([]);
  });

  it('lacks only where a table is nobody’s, and a reason is written down', () => {
    const nobodys = tables.filter((table) => !isSomebodys(table)).map(({ name }) => name);
    expect(nobodys.toSorted()).toEqual(Object.keys(NOBODYS).toSorted());
  });

  it('has exactly one policy for each role that holds a right on a table', () => {
    const pairs = new Set(
      rights.filter(({ name }) => isGuarded(name)).map(({ name, role }) => `${name} ${role}`),
    );
    const covered = policies.flatMap(({ name, roles }) => roles.map((role) => `${name} ${role}`));
    expect(pairs.size).toBeGreaterThan(60);
    expect(covered.filter((pair, index) => covered.indexOf(pair) !== index)).toEqual([]);
    expect([...pairs].filter((pair) => !covered.includes(pair))).toEqual([]);
    expect(policies.filter(({ permissive, roles }) => !permissive || roles.includes('public'))).toEqual([]);
  });

  it('checks what is written by every role that may write', () => {
    const writing = rights.filter(({ right, name }) => /^(insert|update)$/.test(right) && isGuarded(name));
    const unchecked = writing.filter(({ name, role }) => {
      const policy = policies.find((one) => one.name === name && one.roles.includes(role));
      return policy?.command !== '*' || policy.check === null;
    });
    expect(writing.length).toBeGreaterThan(30);
    expect(unchecked).toEqual([]);
  });

  it('narrows a tenant to its own rows and a reseller to its own', () => {
    const own = (role: string, { name, columns }: Table): string => {
      const column = role === 'livery_tenant' && isTenants({ name, columns }) ? 'tenant_id' : 'reseller_id';
      const isItself = name === `public.${column.slice(0, -3)}`;
      return `(${isItself ? 'id' : column} = ( SELECT app.${column}() AS ${column}))`;
    };
    const loose = policies.filter(({ name, roles, test, check }) => {
      const [role = ''] = roles;
      const table = tables.find((one) => one.name === name);
      if (!table || !['livery_tenant', 'livery_reseller'].includes(role)) return false;
      return test !== own(role, table) || check?.includes(own(role, table)) !== true;
    });
    expect(loose).toEqual([]);
  });

  it('lets a tenant write nothing of what it merely shares with its reseller’s other tenants', () => {
    const shared = tables.filter((table) => isSomebodys(table) && !isTenants(table)).map(({ name }) => name);
    const writes = rights.filter(
      ({ name, role, right }) => role === 'livery_tenant' && right !== 'select' && shared.includes(name),
    );
    expect(writes).toEqual([]);
  });
});

const isGuarded = (name: string): boolean => tables.some((table) => table.name === name && table.guarded);
const isTenants = ({ name, columns }: Pick<Table, 'name' | 'columns'>): boolean =>
  name === 'public.tenant' || columns.includes('tenant_id');

describe('rights', () => {
  it('are as recorded: a new table, view, column or function with a right is seen here', async () => {
    const columnsOf = new Map<string, string[]>();
    for (const { name, role, right, column } of rights) {
      const what = `${name} ${role} ${right}`;
      columnsOf.set(what, [...(columnsOf.get(what) ?? []), ...(column === null ? [] : [column])]);
    }
    const lines = [...columnsOf].map(([what, columns]) =>
      columns.length === 0 ? what : `${what} (${columns.join(', ')})`,
    );
    const calls = routines.map(
      ({ name, owner, definer, callers }) =>
        `${name} ${definer ? `runs as ${owner}` : 'runs as its caller'}, for ${callers.join(', ') || 'nobody else'}`,
    );
    await expect(`${[...lines, '', ...calls].join('\n')}\n`).toMatchFileSnapshot(
      '../golden/database-rights.golden.txt',
    );
  });

  it('never include emptying a table, pointing at it or hanging triggers on it, and nothing is everybody’s', () => {
    const rows = ['select', 'insert', 'update', 'delete'];
    expect(rights.filter(({ right, role }) => !rows.includes(right) || role === 'public')).toEqual([]);
  });

  it('of the application’s role are none on any table, column or sequence, and it owns nothing', async () => {
    expect(rights.filter(({ role }) => role === 'livery_app')).toEqual([]);
    const owned = await rooms.sql(
      `select s.classid::regclass, s.objid from pg_shdepend s join pg_roles r on r.oid = s.refobjid
       where s.deptype = 'o' and r.rolname = 'livery_app'`,
    );
    expect(owned).toEqual([]);
  });

  it('of nodes are to read named columns, the feed and its views, and to report', () => {
    const feed = rights.filter(({ role }) => role === 'livery_feed');
    const whole = feed.filter(({ column, name }) => column === null && !name.startsWith('directory.'));
    expect(feed.filter(({ right }) => right !== 'select')).toEqual([]);
    expect(whole).toEqual([]);
    const calls = routines.filter(({ callers }) => callers.includes('livery_feed')).map(({ name }) => name);
    expect(calls.every((name) => name.startsWith('directory.report_'))).toBe(true);
  });

  it('of the login roles bypass nothing, and are inherited by neither owner nor application', async () => {
    const roles = await rooms.sql<{ rolname: string }>(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit
       from pg_roles where rolname like 'livery%' order by 1`,
    );
    expect(roles).toHaveLength(7);
    for (const role of roles)
      expect(role).toMatchObject({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        ...(/_(app|owner)$/.test(role.rolname) && { rolinherit: false }),
      });
  });

  it('come from no membership but that of the application in the three scopes', async () => {
    const memberships = await rooms.sql<{ member: string; role: string }>(
      `select pg_get_userbyid(member) as member, pg_get_userbyid(roleid) as role from pg_auth_members
       where pg_get_userbyid(member) like 'livery%' order by 1, 2`,
    );
    expect(memberships.map(({ member, role }) => `${member} in ${role}`)).toEqual([
      ...SCOPE_ROLES.map((role) => `livery_app in ${role}`).toSorted(),
      'livery_owner in livery_door',
    ]);
  });
});

describe('views and functions', () => {
  it('show with the rights of whoever looks', async () => {
    const views = await rooms.sql<{ name: string; invoker: boolean }>(
      `select n.nspname || '.' || c.relname as name,
         coalesce('security_invoker=true' = any (c.reloptions), false) as invoker
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relkind = 'v'`,
    );
    expect(views.length).toBeGreaterThan(5);
    expect(views.filter(({ invoker }) => !invoker)).toEqual([]);
  });

  it('run with other rights only under a search path that nobody can write to', () => {
    const definers = routines.filter(({ definer }) => definer);
    expect(definers.length).toBeGreaterThan(20);
    expect(definers.filter(({ settings }) => settings?.join() !== 'search_path=pg_catalog, pg_temp')).toEqual(
      [],
    );
    expect(definers.filter(({ owner }) => !['livery_door', 'livery_owner'].includes(owner))).toEqual([]);
  });

  it('are nobody’s to call but their named callers’', () => {
    expect(routines.filter(({ callers }) => callers.includes('public'))).toEqual([]);
  });

  it('lie in schemas where no login but the owner’s may make anything', async () => {
    const makers = await rooms.sql(
      `select n.nspname, r.rolname from pg_namespace n cross join pg_roles r
       where ${OURS} and r.rolname = any ($1) and r.rolname <> 'livery_owner'
         and has_schema_privilege(r.oid, n.oid, 'create')`,
      [[...LOGIN_ROLES, ...SCOPE_ROLES]],
    );
    expect(makers).toEqual([]);
  });
});

describe('a bare session of the application', () => {
  let session: pg.Client;

  beforeAll(async () => {
    session = new pg.Client({ connectionString: rooms.urls.app });
    await session.connect();
  });
  afterAll(() => session.end());

  /** The error code of a statement, or how many rows it gave. */
  const attempt = async (statement: string, role?: string): Promise<string | number> => {
    await session.query('begin');
    try {
      if (role !== undefined) await session.query(`set local role ${role}`);
      return (await session.query(statement)).rowCount ?? 0;
    } catch (fault) {
      return (fault as pg.DatabaseError).code ?? String(fault);
    } finally {
      await session.query('rollback');
    }
  };
  const REFUSED = '42501';

  it('is refused every table, for reading and for writing', async () => {
    for (const { name, columns } of tables) {
      expect(await attempt(`select 1 from ${name}`), name).toBe(REFUSED);
      expect(await attempt(`delete from ${name}`), name).toBe(REFUSED);
      expect(await attempt(`insert into ${name} default values`), name).toBe(REFUSED);
      expect(await attempt(`update ${name} set ${columns[0]} = ${columns[0]}`), name).toBe(REFUSED);
    }
  });

  it('sees no row as a tenant or a reseller while it names none', async () => {
    await (await openOffice(rooms, await openSeller(rooms), 1)).open('ana');
    for (const role of ['livery_tenant', 'livery_reseller'])
      for (const { name } of tables)
        expect([0, REFUSED], `${role} ${name}`).toContain(await attempt(`select 1 from ${name}`, role));
  });

  it('can empty or copy no table in any of its roles', async () => {
    for (const role of SCOPE_ROLES)
      for (const { name } of tables) {
        expect(await attempt(`truncate ${name}`, role), `${role} ${name}`).toBe(REFUSED);
        expect(await attempt(`copy ${name} to '/dev/null'`, role), `${role} ${name}`).toBe(REFUSED);
      }
  });

  it('cannot become the role behind the doors, the owner or a node', async () => {
    for (const role of ['livery_door', 'livery_owner', 'livery_feed', 'postgres'])
      expect(await attempt(`set local role ${role}`), role).toBe(REFUSED);
  });
});
