import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDefiner } from './support/definer.js';
import {
  CREATE_FEED,
  CREATE_TRIGGERS,
  CREATE_VIEWS,
  DROP_FEED,
  DROP_TRIGGERS,
  DROP_VIEWS,
} from './support/directory.js';

/** What engine nodes read: the feed of changed keys, the rows behind them, and what nodes report back. */
export class Directory1763900006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_FEED);
    await runner.query(CREATE_TRIGGERS);
    await runner.query(CREATE_VIEWS);
    await runner.query(NODES);
    await runner.query(REPORTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function directory.report_usage(jsonb), directory.report_sign_ins(jsonb),
        directory.report_node(jsonb), directory.prune_feed();
      drop table directory.node;
    `);
    await runner.query(DROP_VIEWS);
    await runner.query(DROP_TRIGGERS);
    await runner.query(DROP_FEED);
  }
}

const NODES = `
  create table directory.node (
    name text primary key, schema_version integer not null, generation text not null,
    cursor_xid xid8 not null, cursor_seq bigint not null,
    applied_at timestamptz not null, seen_at timestamptz not null default clock_timestamp()
  );
  grant select on directory.node to livery_operator, livery_feed;
  grant select, insert, update on directory.node to livery_door;`;

/** Reports name mailboxes by their primary address, since that is what the engine knows them by. */
const REPORTS = [
  createDefiner({
    signature: 'directory.report_usage(rows jsonb)',
    returns: 'void',
    body: `
      insert into public.mailbox_usage (mailbox_id, reseller_id, tenant_id, bytes, messages, reported_at)
      select m.id, m.reseller_id, m.tenant_id, r.bytes, r.messages, clock_timestamp()
      from jsonb_to_recordset(rows) as r(address text, bytes bigint, messages bigint)
      join public.mailbox m on m.address = r.address and m.state = 'open'
      on conflict (mailbox_id) do update
        set bytes = excluded.bytes, messages = excluded.messages, reported_at = excluded.reported_at`,
    callers: ['livery_feed'],
  }),
  createDefiner({
    signature: 'directory.report_sign_ins(rows jsonb)',
    returns: 'void',
    body: `
      insert into public.mailbox_sign_in (mailbox_id, service, reseller_id, tenant_id, at)
      select m.id, r.service, m.reseller_id, m.tenant_id, to_timestamp(r.at)
      from jsonb_to_recordset(rows) as r(address text, service text, at bigint)
      join public.mailbox m on m.address = r.address and m.state = 'open'
      on conflict (mailbox_id, service) do update set at = greatest(excluded.at, mailbox_sign_in.at)`,
    callers: ['livery_feed'],
  }),
  createDefiner({
    signature: 'directory.report_node(report jsonb)',
    returns: 'void',
    body: `
      insert into directory.node (name, schema_version, generation, cursor_xid, cursor_seq, applied_at)
      values (report ->> 'name', (report ->> 'schemaVersion')::integer, report ->> 'generation',
        (report ->> 'cursorXid')::xid8, (report ->> 'cursorSeq')::bigint, (report ->> 'appliedAt')::timestamptz)
      on conflict (name) do update set schema_version = excluded.schema_version, generation = excluded.generation,
        cursor_xid = excluded.cursor_xid, cursor_seq = excluded.cursor_seq, applied_at = excluded.applied_at,
        seen_at = clock_timestamp()`,
    callers: ['livery_feed'],
  }),
  // A node silent for a week no longer holds the feed back: it rebuilds when it returns.
  createDefiner({
    signature: 'directory.prune_feed()',
    returns: 'bigint',
    language: 'plpgsql',
    body: `
      declare pruned bigint;
      declare floor_xid xid8;
      begin
        select min(n.cursor_xid) into floor_xid from directory.node n
          where n.seen_at > clock_timestamp() - interval '7 days';
        if floor_xid is null then floor_xid := pg_snapshot_xmin(pg_current_snapshot()); end if;
        delete from directory.feed f where f.xid < floor_xid;
        get diagnostics pruned = row_count;
        update directory.feed_floor set xid = greatest(xid, floor_xid);
        return pruned;
      end`,
    callers: ['livery_app'],
  }),
].join('\n');
