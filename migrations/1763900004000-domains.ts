import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardTenantTable, showToNodes } from './support/guards.js';

/** Claims on domain names, their proof, and the keys that sign for them. */
export class Domains1763900004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(DOORS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function door.verified_holders(text[]), door.waiting_claims(timestamptz);
      drop table dkim_key, domain cascade;
    `);
  }
}

/** Owned by a tenant, or by a brand while tenant_id is null. Only one row per name is ever verified. */
const TABLES = `
  create table domain (
    id uuid primary key, reseller_id uuid not null references reseller (id),
    tenant_id uuid, brand_id uuid not null,
    name text not null check (name = lower(name)),
    state text not null check (state in ('claimed', 'verified', 'released')),
    proof_method text check (proof_method in ('txt', 'cname')),
    verified_at timestamptz, checked_at timestamptz, report jsonb,
    created_at timestamptz not null, updated_at timestamptz not null,
    unique (id, reseller_id), unique (id, tenant_id),
    foreign key (brand_id, reseller_id) references brand (id, reseller_id),
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade
  );
  create unique index domain_one_verified_owner on domain (name) where state = 'verified';
  create unique index domain_one_claim_each on domain (name, coalesce(tenant_id, brand_id)) where state <> 'released';
  create index domain_by_tenant on domain (tenant_id, name);
  create index domain_waiting on domain (checked_at nulls first) where state = 'claimed';
  ${guardTenantTable('domain')}
  ${showToNodes('domain', ['id', 'tenant_id', 'name', 'state'])}

  create table dkim_key (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid, domain_id uuid not null,
    selector text not null check (selector in ('k1', 'k2')),
    public_key text not null,
    -- Sealed for the engine agents; the control plane cannot open it.
    sealed_private_key text not null,
    state text not null check (state in ('signing', 'retired')),
    created_at timestamptz not null,
    unique (domain_id, selector),
    foreign key (domain_id, reseller_id) references domain (id, reseller_id) on update cascade on delete cascade,
    -- Foreign keys look past row security: without this one a tenant could make a key for its neighbour's domain.
    foreign key (domain_id, tenant_id) references domain (id, tenant_id) on delete cascade,
    foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade
  );
  ${guardTenantTable('dkim_key')}
  ${showToNodes('dkim_key', ['id', 'tenant_id', 'domain_id', 'selector', 'sealed_private_key', 'state'])}`;

const DOORS = [
  createDefiner({
    signature: 'door.verified_holders(names text[])',
    returns: 'table (name text, tenant_id uuid, brand_id uuid)',
    volatility: 'stable',
    body: `select d.name, d.tenant_id, d.brand_id from public.domain d
           where d.name = any (names) and d.state = 'verified'`,
    callers: ['livery_tenant', 'livery_reseller', 'livery_operator'],
  }),
  // Due within a minute at first, then after a tenth of the claim's age, at last every six hours: a forgotten claim
  // must not keep a new one waiting.
  createDefiner({
    signature: 'door.waiting_claims(moment timestamptz)',
    returns: 'table (domain_id uuid, reseller_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select d.id, d.reseller_id, d.tenant_id from public.domain d
           where d.state = 'claimed' and (d.checked_at is null or d.checked_at <= moment
             - least(interval '6 hours', greatest(interval '50 seconds', (moment - d.created_at) / 10)))
           order by d.checked_at nulls first limit 500`,
    callers: ['livery_app'],
  }),
].join('\n');
