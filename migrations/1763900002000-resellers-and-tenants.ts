import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardResellerTable, guardTenantTable, showToNodes } from './support/guards.js';

/** Who sells, under which name, what, and to whom. */
export class ResellersAndTenants1763900002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SELLERS);
    await runner.query(TENANTS);
    await runner.query(HOSTS);
    await runner.query(DOORS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function door.host(text), door.tenant(uuid), door.tenants(), door.resellers(), door.zones_near(text);
      drop table host, tenant, plan_version, plan, brand, reseller cascade;
    `);
  }
}

/** Everything may change but the zone. */
const BRAND_RIGHTS = 'select, insert, update (name, support_email, mail_host, updated_at)';

const SELLERS = `
  create table reseller (
    id uuid primary key, parent_id uuid references reseller (id),
    name text not null check (length(name) between 1 and 120),
    created_at timestamptz not null, updated_at timestamptz not null
  );
  alter table reseller enable row level security;
  alter table reseller force row level security;
  create policy reseller_rows on reseller to livery_reseller
    using (id = (select app.reseller_id())) with check (id = (select app.reseller_id()));
  create policy operator_rows on reseller to livery_operator using (true) with check (true);
  create policy door_rows on reseller to livery_door using (true);
  grant select, update (name, updated_at) on reseller to livery_reseller;
  grant select on reseller to livery_door;
  grant select, insert, update on reseller to livery_operator;

  create table brand (
    id uuid primary key, reseller_id uuid not null references reseller (id),
    name text not null check (length(name) between 1 and 80),
    support_email text not null, mail_host text not null,
    -- Set once: tenants' records point below it.
    zone_name text not null unique,
    created_at timestamptz not null, updated_at timestamptz not null,
    unique (id, reseller_id)
  );
  ${guardResellerTable('brand', { reseller: BRAND_RIGHTS, operator: BRAND_RIGHTS })}

  create table plan (
    id uuid primary key, reseller_id uuid not null references reseller (id),
    name text not null check (length(name) between 1 and 80),
    current_version integer not null, created_at timestamptz not null,
    unique (id, reseller_id), unique (reseller_id, name)
  );
  ${guardResellerTable('plan')}

  create table plan_version (
    id uuid primary key, plan_id uuid not null, reseller_id uuid not null,
    number integer not null check (number > 0),
    quota_bytes bigint not null check (quota_bytes > 0),
    aliases_per_mailbox integer not null check (aliases_per_mailbox >= 0),
    hourly_messages integer not null check (hourly_messages > 0),
    protocols text[] not null,
    created_at timestamptz not null,
    unique (plan_id, number), unique (id, reseller_id),
    foreign key (plan_id, reseller_id) references plan (id, reseller_id)
  );
  ${guardResellerTable('plan_version', { reseller: 'select, insert', operator: 'select, insert' })}
  create trigger plan_version_is_final before update or delete on plan_version
    for each row execute function app.refuse_change();
  ${showToNodes('plan_version', ['id', 'quota_bytes', 'hourly_messages', 'protocols'])}`;

const TENANTS = `
  create table tenant (
    id uuid primary key, reseller_id uuid not null references reseller (id),
    brand_id uuid not null, name text not null check (length(name) between 1 and 120),
    contact_email text not null,
    created_at timestamptz not null, updated_at timestamptz not null,
    unique (id, reseller_id),
    foreign key (brand_id, reseller_id) references brand (id, reseller_id)
  );
  create index tenant_by_reseller on tenant (reseller_id, id);
  alter table tenant alter column reseller_id set default app.reseller_id();
  alter table tenant enable row level security;
  alter table tenant force row level security;
  create policy tenant_rows on tenant to livery_tenant
    using (id = (select app.tenant_id())) with check (id = (select app.tenant_id()));
  create policy reseller_rows on tenant to livery_reseller
    using (reseller_id = (select app.reseller_id())) with check (reseller_id = (select app.reseller_id()));
  create policy operator_rows on tenant to livery_operator using (true) with check (true);
  create policy door_rows on tenant to livery_door using (true);
  grant select, update (name, contact_email, updated_at) on tenant to livery_tenant;
  grant select, insert, update on tenant to livery_reseller, livery_operator;
  grant select on tenant to livery_door;
  ${showToNodes('tenant', ['id'])}`;

const HOSTS = `
  create table host (
    id uuid primary key, reseller_id uuid not null, brand_id uuid not null, tenant_id uuid,
    name text not null unique,
    purpose text not null check (purpose in ('portal', 'mail', 'autoconfig', 'mta-sts')),
    state text not null check (state in ('waiting', 'live')),
    created_at timestamptz not null,
    foreign key (brand_id, reseller_id) references brand (id, reseller_id),
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade
  );
  ${guardTenantTable('host', { tenant: 'select' })}`;

const DOORS = [
  createDefiner({
    signature: 'door.host(wanted text)',
    returns: 'table (reseller_id uuid, brand_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select h.reseller_id, h.brand_id, h.tenant_id from public.host h
           where h.name = wanted and h.purpose = 'portal' and h.state = 'live'`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.tenant(wanted uuid)',
    returns: 'uuid',
    volatility: 'stable',
    body: 'select t.reseller_id from public.tenant t where t.id = wanted',
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.tenants()',
    returns: 'table (tenant_id uuid, reseller_id uuid)',
    volatility: 'stable',
    body: 'select t.id, t.reseller_id from public.tenant t order by t.id',
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.resellers()',
    returns: 'table (reseller_id uuid)',
    volatility: 'stable',
    body: 'select r.id from public.reseller r order by r.id',
    callers: ['livery_app'],
  }),
  // Equal, above or below: one name server answers for all zones, and the longer one would hide the other.
  createDefiner({
    signature: 'door.zones_near(wanted text)',
    returns: 'table (brand_id uuid)',
    volatility: 'stable',
    body: `select b.id from public.brand b where b.zone_name = wanted
           or right(wanted, length(b.zone_name) + 1) = '.' || b.zone_name
           or right(b.zone_name, length(wanted) + 1) = '.' || wanted`,
    callers: ['livery_reseller', 'livery_operator'],
  }),
].join('\n');
