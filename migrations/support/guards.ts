/**
 * Row security for the tables of the three scopes. One policy per role and table: permissive policies add up, so
 * a second one for the same role would widen the first.
 */

const ALL = 'select, insert, update, delete';

/** Rights per role, as in a GRANT; an empty text grants nothing. */
export interface Rights {
  readonly tenant?: string;
  readonly reseller?: string;
  readonly operator?: string;
  /** Doors and reports run as livery_door; they read, and write only where a migration says so. */
  readonly door?: string;
}

/** A table whose rows belong to a tenant, or to a reseller while tenant_id is null. */
export const guardTenantTable = (table: string, rights: Rights = {}): string => `
  alter table ${table} alter column tenant_id set default app.tenant_id();
  alter table ${table} alter column reseller_id set default app.reseller_id();
  ${force(table)}
  ${policy(table, 'tenant', 'tenant_id = (select app.tenant_id())')}
  ${policy(table, 'reseller', 'reseller_id = (select app.reseller_id())')}
  ${openTo(table, 'operator')}
  ${openTo(table, 'door')}
  ${grants(table, { tenant: ALL, reseller: ALL, operator: ALL, door: 'select', ...rights })}`;

/** A table whose rows belong to a reseller; its tenants may read what the rights say, never write. */
export const guardResellerTable = (table: string, rights: Rights = {}): string => `
  alter table ${table} alter column reseller_id set default app.reseller_id();
  ${force(table)}
  ${policy(table, 'tenant', 'reseller_id = (select app.reseller_id())')}
  ${policy(table, 'reseller', 'reseller_id = (select app.reseller_id())')}
  ${openTo(table, 'operator')}
  ${openTo(table, 'door')}
  ${grants(table, { tenant: 'select', reseller: ALL, operator: ALL, door: 'select', ...rights })}`;

/** Lets engine nodes read the named columns, through the views of schema directory. */
export const showToNodes = (table: string, columns: readonly string[]): string => `
  create policy feed_rows on ${table} for select to livery_feed using (true);
  grant select (${columns.join(', ')}) on ${table} to livery_feed;`;

const force = (table: string): string => `
  alter table ${table} enable row level security;
  alter table ${table} force row level security;`;

const policy = (table: string, role: string, test: string): string => `
  create policy ${role}_rows on ${table} to livery_${role} using (${test}) with check (${test});`;

const openTo = (table: string, role: string): string => `
  create policy ${role}_rows on ${table} to livery_${role} using (true) with check (true);`;

const grants = (table: string, rights: Required<Rights>): string =>
  Object.entries(rights)
    .filter(([, what]) => what !== '')
    .map(([role, what]) => `grant ${what} on ${table} to livery_${role};`)
    .join('\n  ');
