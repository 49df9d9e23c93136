import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardTenantTable } from './support/guards.js';

/** What happened, written with the change; who has reacted to it; and answers kept for repeated requests. */
export class Events1763900007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(OUTBOX);
    await runner.query(ANSWERS);
    await runner.query(DOORS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function door.claim_events(integer), door.event(uuid), door.open_inbox(uuid, text[]),
        door.take_delivery(uuid, text), door.settle_delivery(uuid, text), door.remind(timestamptz, timestamptz),
        door.prune_events(timestamptz), door.prune_answers(timestamptz), door.outbox_backlog();
      drop table inbox, outbox, answer;
    `);
  }
}

const OUTBOX = `
  create table outbox (
    id uuid primary key, reseller_id uuid, tenant_id uuid,
    name text not null, payload jsonb not null, cause text not null,
    recorded_at timestamptz not null, relayed_at timestamptz
  );
  create index outbox_waiting on outbox (id) where relayed_at is null;
  create index outbox_by_age on outbox (recorded_at);
  ${guardTenantTable('outbox', { tenant: 'insert', reseller: 'insert', operator: 'insert', door: 'select, update, delete' })}
  create function app.wake_relay() returns trigger language plpgsql as $$
  begin
    notify outbox;
    return null;
  end $$;
  revoke all on function app.wake_relay() from public;
  create trigger outbox_wakes_relay after insert on outbox
    for each statement execute function app.wake_relay();

  -- One row per event and listener: the effect of a listener and its row here commit together.
  create table inbox (
    event_id uuid not null references outbox (id) on delete cascade, listener text not null,
    opened_at timestamptz not null default clock_timestamp(), reminded_at timestamptz, settled_at timestamptz,
    primary key (event_id, listener)
  );
  create index inbox_unsettled on inbox (opened_at) where settled_at is null;
  grant select, insert, update on inbox to livery_door;`;

const ANSWERS = `
  create table answer (
    id uuid primary key, reseller_id uuid, tenant_id uuid,
    actor text not null, key text not null, request_digest text not null,
    -- Sealed: an answer may hold a secret that is shown once.
    sealed_answer text, created_at timestamptz not null
  );
  create unique index answer_once on answer (actor, key);
  create index answer_by_age on answer (created_at);
  ${guardTenantTable('answer', {
    tenant: 'select, insert, update',
    reseller: 'select, insert, update',
    operator: 'select, insert, update',
    door: 'select, delete',
  })}`;

const DOORS = [
  createDefiner({
    signature: 'door.claim_events(wanted integer)',
    returns: 'table (id uuid, name text)',
    body: `
      update public.outbox o set relayed_at = clock_timestamp() from (
        select w.id from public.outbox w where w.relayed_at is null order by w.id limit wanted for update skip locked
      ) claimed where o.id = claimed.id returning o.id, o.name`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.open_inbox(event uuid, listeners text[])',
    returns: 'void',
    body: `insert into public.inbox (event_id, listener) select event, unnest(listeners) on conflict do nothing`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.event(wanted uuid)',
    returns: 'table (name text, payload jsonb, reseller_id uuid, tenant_id uuid)',
    volatility: 'stable',
    body: `select o.name, o.payload, o.reseller_id, o.tenant_id from public.outbox o where o.id = wanted`,
    callers: ['livery_app'],
  }),
  // Answers whether the caller may go on. The insert waits for a relay that has queued and not yet committed; the lock
  // makes a second runner of the same delivery wait, then leave.
  createDefiner({
    signature: 'door.take_delivery(event uuid, wanted text)',
    returns: 'boolean',
    language: 'plpgsql',
    body: `
      declare settled timestamptz;
      begin
        insert into public.inbox (event_id, listener) values (event, wanted) on conflict do nothing;
        select i.settled_at into settled from public.inbox i
          where i.event_id = event and i.listener = wanted for update;
        return settled is null;
      end`,
    callers: ['livery_tenant', 'livery_reseller', 'livery_operator'],
  }),
  createDefiner({
    signature: 'door.settle_delivery(event uuid, wanted text)',
    returns: 'void',
    body: `update public.inbox set settled_at = clock_timestamp() where event_id = event and listener = wanted`,
    callers: ['livery_app', 'livery_tenant', 'livery_reseller', 'livery_operator'],
  }),
  // A delivery is named once it has waited, and again every so often: Redis may have lost it.
  createDefiner({
    signature: 'door.remind(opened_before timestamptz, reminded_before timestamptz)',
    returns: 'table (event_id uuid, listener text)',
    body: `
      update public.inbox i set reminded_at = clock_timestamp() from (
        select w.event_id, w.listener from public.inbox w
        where w.settled_at is null and w.opened_at < opened_before
          and (w.reminded_at is null or w.reminded_at < reminded_before)
        order by w.opened_at limit 1000 for update skip locked
      ) due where i.event_id = due.event_id and i.listener = due.listener returning i.event_id, i.listener`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.prune_events(before timestamptz)',
    returns: 'void',
    body: `delete from public.outbox o where o.recorded_at < before and o.relayed_at is not null
           and not exists (select 1 from public.inbox i where i.event_id = o.id and i.settled_at is null)`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.prune_answers(before timestamptz)',
    returns: 'void',
    body: `delete from public.answer where created_at < before`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'door.outbox_backlog()',
    returns: 'table (waiting bigint, oldest_at timestamptz)',
    volatility: 'stable',
    body: `select count(*), min(o.recorded_at) from public.outbox o where o.relayed_at is null`,
    callers: ['livery_app'],
  }),
].join('\n');
