import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardTenantTable, showToNodes } from './support/guards.js';

/** Seats and the mailboxes that hold them, their addresses, app passwords and what the engine measured. */
export class Mailboxes1763900005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SEATS);
    await runner.query(MAILBOXES);
    await runner.query(RESTRICTIONS);
    await runner.query(MEASURED);
    await runner.query(DOORS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function door.mailboxes_to_purge(timestamptz), door.usage_to_judge();
      drop table mailbox_usage, mailbox_sign_in, restriction, app_password, address, mailbox, seat_ledger, seat_pool
        cascade;
    `);
  }
}

const LIVE = 'foreign key (tenant_id, reseller_id) references tenant (id, reseller_id) on update cascade';

/** The ledger keeps the seller of its day, so it does not follow a tenant that moves. */
const SEATS = `
  create table seat_pool (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null, plan_id uuid not null,
    purchased integer not null check (purchased >= 0),
    assigned integer not null default 0 check (assigned >= 0 and assigned <= purchased),
    created_at timestamptz not null,
    unique (tenant_id, plan_id), unique (id, tenant_id), ${LIVE}
  );
  ${guardTenantTable('seat_pool', { tenant: 'select, update (assigned)' })}

  create table seat_ledger (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null,
    pool_id uuid not null references seat_pool (id),
    kind text not null check (kind in ('grant', 'assign', 'release')),
    delta integer not null, purchased_after integer not null, assigned_after integer not null,
    cause_type text not null, cause_id uuid not null, actor text not null, created_at timestamptz not null,
    unique (cause_type, cause_id, kind)
  );
  create index seat_ledger_by_pool on seat_ledger (pool_id, id);
  ${guardTenantTable('seat_ledger', { tenant: 'select, insert', reseller: 'select, insert', operator: 'select, insert' })}
  create trigger seat_ledger_is_final before update or delete on seat_ledger
    for each row execute function app.refuse_change();`;

const MAILBOXES = `
  create table mailbox (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null,
    domain_id uuid not null, person_id uuid references person (id),
    kind text not null check (kind in ('person', 'shared', 'resource')),
    display_name text not null, local_part text not null, address text not null,
    -- Relative to the mail root, made once, so that a rename never moves mail.
    home text not null unique,
    plan_version_id uuid not null references plan_version (id),
    pool_id uuid, quota_bytes bigint check (quota_bytes > 0),
    state text not null check (state in ('open', 'closed', 'purged')),
    closed_at timestamptz, purge_after timestamptz,
    created_at timestamptz not null, updated_at timestamptz not null,
    unique (id, tenant_id), ${LIVE},
    foreign key (domain_id, reseller_id) references domain (id, reseller_id) on update cascade,
    foreign key (domain_id, tenant_id) references domain (id, tenant_id),
    foreign key (pool_id, tenant_id) references seat_pool (id, tenant_id)
  );
  create unique index mailbox_one_open_address on mailbox (address) where state = 'open';
  create index mailbox_by_tenant on mailbox (tenant_id, address, id);
  create index mailbox_by_domain on mailbox (domain_id);
  create index mailbox_by_person on mailbox (person_id);
  create index mailbox_to_purge on mailbox (purge_after) where state = 'closed';
  ${guardTenantTable('mailbox')}
  ${showToNodes('mailbox', [
    'id',
    'tenant_id',
    'domain_id',
    'person_id',
    'address',
    'home',
    'plan_version_id',
    'quota_bytes',
    'state',
  ])}

  create table address (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null,
    domain_id uuid not null, mailbox_id uuid not null,
    address text not null unique check (address = lower(address)),
    kind text not null check (kind in ('primary', 'alias', 'catch_all', 'temporary')),
    receives boolean not null, sends boolean not null, created_at timestamptz not null,
    ${LIVE}, foreign key (mailbox_id, tenant_id) references mailbox (id, tenant_id) on update cascade on delete cascade,
    foreign key (domain_id, reseller_id) references domain (id, reseller_id) on update cascade,
    foreign key (domain_id, tenant_id) references domain (id, tenant_id)
  );
  create index address_by_mailbox on address (mailbox_id);
  create index address_by_domain on address (domain_id);
  ${guardTenantTable('address')}
  ${showToNodes('address', ['id', 'tenant_id', 'domain_id', 'mailbox_id', 'address', 'kind', 'receives', 'sends'])}

  create table app_password (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null, mailbox_id uuid not null,
    name text not null check (length(name) between 1 and 80),
    digest text not null unique, scopes text[] not null check (cardinality(scopes) > 0),
    created_at timestamptz not null, revoked_at timestamptz,
    ${LIVE}, foreign key (mailbox_id, tenant_id) references mailbox (id, tenant_id) on update cascade on delete cascade
  );
  create index app_password_by_mailbox on app_password (mailbox_id, id);
  ${guardTenantTable('app_password')}
  ${showToNodes('app_password', ['id', 'tenant_id', 'mailbox_id', 'digest', 'scopes', 'revoked_at'])}`;

/** Why something may not send, sign in or receive. A tenant places and lifts only its own reasons. */
const RESTRICTIONS = `
  create table restriction (
    id uuid primary key, reseller_id uuid not null, tenant_id uuid not null,
    level text not null check (level in ('tenant', 'domain', 'mailbox')), subject_id uuid not null,
    cause text not null check (cause in ('payment', 'abuse', 'security', 'legal', 'owner')),
    stops_sending boolean not null, stops_sign_in boolean not null, stops_receiving boolean not null,
    reason text not null, placed_by text not null, placed_at timestamptz not null,
    lifted_by text, lifted_at timestamptz,
    ${LIVE}, check (stops_sending or stops_sign_in or stops_receiving)
  );
  create index restriction_in_force on restriction (subject_id) where lifted_at is null;
  create unique index restriction_one_per_cause on restriction (subject_id, cause) where lifted_at is null;
  ${guardTenantTable('restriction', { tenant: 'select, insert, update', reseller: 'select, insert, update' })}
  drop policy tenant_rows on restriction;
  create policy tenant_rows on restriction to livery_tenant
    using (tenant_id = (select app.tenant_id()))
    with check (tenant_id = (select app.tenant_id()) and cause = 'owner' and level <> 'tenant');
  ${showToNodes('restriction', [
    'id',
    'level',
    'subject_id',
    'cause',
    'stops_sending',
    'stops_sign_in',
    'stops_receiving',
    'lifted_at',
  ])}`;

const MEASURED = `
  create table mailbox_usage (
    mailbox_id uuid primary key, reseller_id uuid not null, tenant_id uuid not null,
    bytes bigint not null, messages bigint not null, reported_at timestamptz not null,
    warned_percent integer not null default 0,
    ${LIVE}, foreign key (mailbox_id, tenant_id) references mailbox (id, tenant_id) on update cascade on delete cascade
  );
  ${guardTenantTable('mailbox_usage', {
    tenant: 'select, update (warned_percent)',
    reseller: 'select',
    operator: 'select',
    door: 'select, insert, update',
  })}

  create table mailbox_sign_in (
    mailbox_id uuid not null, service text not null, reseller_id uuid not null, tenant_id uuid not null,
    at timestamptz not null, primary key (mailbox_id, service),
    ${LIVE}, foreign key (mailbox_id, tenant_id) references mailbox (id, tenant_id) on update cascade on delete cascade
  );
  ${guardTenantTable('mailbox_sign_in', {
    tenant: 'select',
    reseller: 'select',
    operator: 'select',
    door: 'select, insert, update',
  })}`;

const DOORS = [
  createDefiner({
    signature: 'door.mailboxes_to_purge(moment timestamptz)',
    returns: 'table (mailbox_id uuid, reseller_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select m.id, m.reseller_id, m.tenant_id from public.mailbox m
           where m.state = 'closed' and m.purge_after <= moment order by m.purge_after limit 500`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.usage_to_judge()',
    returns: 'table (mailbox_id uuid, reseller_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select u.mailbox_id, u.reseller_id, u.tenant_id from public.mailbox_usage u
           join public.mailbox m on m.id = u.mailbox_id and m.state = 'open'
           join public.plan_version v on v.id = m.plan_version_id
           cross join lateral (select coalesce(m.quota_bytes, v.quota_bytes) as bytes) q
           cross join lateral (select floor(u.bytes * 100.0 / q.bytes) as percent) p
           where u.warned_percent <> case when q.bytes - u.bytes < 20000 then 100 when p.percent >= 95 then 95
             when p.percent >= 90 then 90 when p.percent >= 80 then 80 else 0 end limit 500`,
    callers: ['livery_app'],
  }),
].join('\n');
