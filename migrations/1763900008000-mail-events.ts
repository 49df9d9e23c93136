import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import { guardTenantTable } from './support/guards.js';

/** What happened to each message, read from the engine's log by the agents; one partition per UTC day. */
export class MailEvents1763900008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(FUNCTIONS);
    await runner.query(`select directory.ensure_mail_event_days(current_date - 1, 4)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function directory.ensure_mail_event_days(date, integer), directory.drop_mail_event_days(date),
        directory.drop_late_mail_events(timestamptz), directory.report_mail_events(jsonb);
      drop table mail_event;
    `);
  }
}

/** tenant_id is whose mailbox or login the line is about; lines about nobody of ours are kept for the operator. */
const TABLE = `
  create table mail_event (
    at timestamptz not null, id uuid not null, node text not null,
    reseller_id uuid, tenant_id uuid, mailbox_id uuid,
    kind text not null, queue_id text, message_id text,
    sender text, recipient text, reply text, detail jsonb not null default '{}',
    primary key (at, id)
  ) partition by range (at);
  -- Lines of a node that was cut off for days.
  create table mail_event_late partition of mail_event default;
  alter table mail_event_late enable row level security;
  alter table mail_event_late force row level security;
  create index mail_event_by_tenant on mail_event (tenant_id, at desc);
  create index mail_event_by_mailbox on mail_event (mailbox_id, at desc);
  create index mail_event_by_queue on mail_event (queue_id);
  ${guardTenantTable('mail_event', { tenant: 'select', reseller: 'select', operator: 'select', door: 'select, insert, delete' })}`;

const FUNCTIONS = [
  createDefiner({
    signature: 'directory.ensure_mail_event_days(first_day date, days integer)',
    returns: 'void',
    language: 'plpgsql',
    owner: 'livery_owner',
    body: `
      declare day date;
      declare part text;
      begin
        for offset_days in 0 .. days - 1 loop
          day := first_day + offset_days;
          part := 'mail_event_' || to_char(day, 'YYYYMMDD');
          if to_regclass('public.' || part) is null then
            execute format(
              'create table public.%I partition of public.mail_event for values from (%L) to (%L)',
              part, day::text || ' 00:00+00', (day + 1)::text || ' 00:00+00');
            execute format('alter table public.%I enable row level security', part);
            execute format('alter table public.%I force row level security', part);
          end if;
        end loop;
      end`,
    callers: ['livery_app'],
  }),
  createDefiner({
    signature: 'directory.drop_mail_event_days(before date)',
    returns: 'void',
    language: 'plpgsql',
    owner: 'livery_owner',
    body: `
      declare part text;
      begin
        for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'public.mail_event'::regclass and c.relname <> 'mail_event_late'
            and c.relname < 'mail_event_' || to_char(before, 'YYYYMMDD') loop
          execute format('drop table public.%I', part);
        end loop;
      end`,
    callers: ['livery_app'],
  }),
  // What no day holds. Not the owner's work: row security is forced on it and shows it no row.
  createDefiner({
    signature: 'directory.drop_late_mail_events(before timestamptz)',
    returns: 'void',
    body: 'delete from public.mail_event where at < before',
    callers: ['livery_app'],
  }),
  // A batch sent twice changes nothing: the agent makes the ids from node, file and position.
  createDefiner({
    signature: 'directory.report_mail_events(rows jsonb)',
    returns: 'void',
    body: `
      insert into public.mail_event (at, id, node, reseller_id, tenant_id, mailbox_id, kind, queue_id, message_id,
        sender, recipient, reply, detail)
      select r.at, r.id, r.node, m.reseller_id, m.tenant_id, m.id, r.kind, r.queue_id, r.message_id,
        r.sender, r.recipient, r.reply, coalesce(r.detail, '{}')
      from jsonb_to_recordset(rows) as r(at timestamptz, id uuid, node text, mailbox text, kind text, queue_id text,
        message_id text, sender text, recipient text, reply text, detail jsonb)
      left join public.address a on a.address = r.mailbox
      left join public.mailbox m on m.id = a.mailbox_id
      on conflict do nothing`,
    callers: ['livery_feed'],
  }),
].join('\n');
