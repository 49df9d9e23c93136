import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardTenantTable, showToNodes } from './support/guards.js';

/** People, what they may do where, their sessions, and the keys of programs. */
export class Identity1763900003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(CREDENTIALS);
    await runner.query(DOORS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function door.api_key(text), door.session(text, timestamptz), door.memberships(uuid);
      drop table session, api_key, membership, person cascade;
    `);
  }
}

/** reseller_id is null for the operator's own staff, tenant_id for staff of a reseller. */
const PEOPLE = `
  create table person (
    id uuid primary key, reseller_id uuid references reseller (id), tenant_id uuid,
    sign_in_name text not null, display_name text not null,
    password_hash text, second_factor_since timestamptz,
    created_at timestamptz not null, updated_at timestamptz not null,
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade,
    check (tenant_id is null or reseller_id is not null)
  );
  create unique index person_by_sign_in_name on person
    (coalesce(reseller_id, '00000000-0000-0000-0000-000000000000'), sign_in_name);
  create index person_by_tenant on person (tenant_id, id);
  ${guardTenantTable('person')}
  ${showToNodes('person', ['id', 'password_hash', 'second_factor_since'])}

  create table membership (
    id uuid primary key, person_id uuid not null references person (id) on delete cascade,
    reseller_id uuid references reseller (id), tenant_id uuid,
    role text not null check (role in ('owner', 'admin', 'member')),
    created_at timestamptz not null,
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade,
    unique nulls not distinct (person_id, reseller_id, tenant_id)
  );
  ${guardTenantTable('membership')}`;

const CREDENTIALS = `
  create table api_key (
    id uuid primary key, reseller_id uuid references reseller (id), tenant_id uuid,
    kind text not null check (kind in ('operator', 'reseller', 'tenant')),
    name text not null check (length(name) between 1 and 80),
    hint text not null, digest text not null unique,
    created_at timestamptz not null, revoked_at timestamptz, last_used_at timestamptz,
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade,
    check ((kind = 'operator') = (reseller_id is null)),
    check ((kind = 'tenant') = (tenant_id is not null))
  );
  ${guardTenantTable('api_key')}

  create table session (
    id uuid primary key, person_id uuid not null references person (id) on delete cascade,
    reseller_id uuid references reseller (id), tenant_id uuid,
    digest text not null unique,
    created_at timestamptz not null, expires_at timestamptz not null, ended_at timestamptz,
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade
  );
  ${guardTenantTable('session')}`;

const DOORS = [
  createDefiner({
    signature: 'door.api_key(wanted text)',
    returns: 'table (id uuid, kind text, reseller_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select k.id, k.kind, k.reseller_id, k.tenant_id from public.api_key k
           where k.digest = wanted and k.revoked_at is null`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.session(wanted text, moment timestamptz)',
    returns: 'table (id uuid, person_id uuid, reseller_id uuid)',
    volatility: 'stable',
    body: `select s.id, s.person_id, s.reseller_id from public.session s
           where s.digest = wanted and s.ended_at is null and s.expires_at > moment`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.memberships(wanted uuid)',
    returns: 'table (reseller_id uuid, tenant_id uuid, role text)',
    volatility: 'stable',
    body: `select m.reseller_id, m.tenant_id, m.role from public.membership m where m.person_id = wanted`,
    callers: ['livery_app'],
  }),
].join('\n');
