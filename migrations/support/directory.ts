/** Nobody calls a trigger's function; only the owner may hang it on a table, and says so as its new owner. */
const runAsDoor = (name: string): string => `
  revoke all on function directory.${name}() from public;
  alter function directory.${name}() owner to livery_door;
  set local role livery_door;
  grant execute on function directory.${name}() to livery_owner;
  reset role;`;

/**
 * The change feed carries keys, never values: an engine node re-reads the present row of each key, so replays and
 * order do no harm. Rows are stamped with their transaction, because commits do not happen in number order.
 */
export const CREATE_FEED = `
  create table directory.feed (
    xid xid8 not null default pg_current_xact_id(),
    seq bigint generated always as identity,
    kind text not null, id uuid not null,
    primary key (xid, seq)
  );
  -- Changes of transactions below this were pruned: a node whose position is older rebuilds.
  create table directory.feed_floor (sole boolean primary key default true check (sole), xid xid8 not null);
  insert into directory.feed_floor (xid) values ('0');
  grant select on directory.feed, directory.feed_floor to livery_feed;
  grant select, insert, delete on directory.feed to livery_door;
  grant select, update on directory.feed_floor to livery_door;

  create function directory.announce() returns trigger language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
  begin
    insert into directory.feed (kind, id) values (tg_argv[0], coalesce(new.id, old.id));
    notify directory;
    return null;
  end $$;
  ${runAsDoor('announce')}

  -- A restriction changes what its subject may do.
  create function directory.announce_restriction() returns trigger language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
  begin
    insert into directory.feed (kind, id) values (new.level, new.subject_id);
    notify directory;
    return null;
  end $$;
  ${runAsDoor('announce_restriction')}

  -- Everything on a domain appears and vanishes with its proof.
  create function directory.announce_domain_state() returns trigger language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
  begin
    insert into directory.feed (kind, id)
      select 'mailbox', m.id from public.mailbox m where m.domain_id = new.id
      union all select 'address', a.id from public.address a where a.domain_id = new.id
      union all select 'credential', p.id from public.app_password p
        join public.mailbox m on m.id = p.mailbox_id where m.domain_id = new.id
      union all select 'dkim_key', k.id from public.dkim_key k where k.domain_id = new.id;
    notify directory;
    return null;
  end $$;
  ${runAsDoor('announce_domain_state')}

  create function directory.announce_mailbox_state() returns trigger language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
  begin
    insert into directory.feed (kind, id)
      select 'address', a.id from public.address a where a.mailbox_id = new.id
      union all select 'credential', p.id from public.app_password p where p.mailbox_id = new.id;
    notify directory;
    return null;
  end $$;
  ${runAsDoor('announce_mailbox_state')}

  create function directory.announce_person() returns trigger language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
  begin
    insert into directory.feed (kind, id) select 'mailbox', m.id from public.mailbox m where m.person_id = new.id;
    notify directory;
    return null;
  end $$;
  ${runAsDoor('announce_person')}`;

export const DROP_FEED = `
  drop function directory.announce(), directory.announce_restriction(), directory.announce_domain_state(),
    directory.announce_mailbox_state(), directory.announce_person();
  drop table directory.feed, directory.feed_floor;`;

const FED: readonly (readonly [table: string, kind: string])[] = [
  ['tenant', 'tenant'],
  ['domain', 'domain'],
  ['mailbox', 'mailbox'],
  ['address', 'address'],
  ['app_password', 'credential'],
  ['dkim_key', 'dkim_key'],
];

export const CREATE_TRIGGERS = `
  ${FED.map(
    ([table, kind]) => `
  create trigger feed_${kind} after insert or update or delete on ${table}
    for each row execute function directory.announce('${kind}');`,
  ).join('')}
  create trigger feed_restriction after insert or update on restriction
    for each row execute function directory.announce_restriction();
  create trigger feed_domain_state after update of state on domain
    for each row when (old.state is distinct from new.state) execute function directory.announce_domain_state();
  create trigger feed_mailbox_state after update of state, address on mailbox
    for each row when (old.state is distinct from new.state or old.address is distinct from new.address)
    execute function directory.announce_mailbox_state();
  create trigger feed_person after update of password_hash, second_factor_since on person
    for each row execute function directory.announce_person();`;

export const DROP_TRIGGERS = `
  ${FED.map(([table, kind]) => `drop trigger feed_${kind} on ${table};`).join('\n  ')}
  drop trigger feed_restriction on restriction;
  drop trigger feed_domain_state on domain;
  drop trigger feed_mailbox_state on mailbox;
  drop trigger feed_person on person;`;

/** A checksum that two databases can add up: sixty bits of a hash over the row as text. */
const digest = (...columns: string[]): string =>
  `('x' || substr(md5(concat_ws('|', ${columns.join(', ')})), 1, 15))::bit(60)::bigint as digest`;

const SENTENCES = `
    case when r.sending then '550 5.7.1 Sending is switched off for this ' || r.noun || '. Please ask your administrator.' end
      as send_refusal,
    case when r.sign_in then 'Sign-in is switched off for this ' || r.noun || '. Please ask your administrator.' end
      as sign_in_refusal,
    case when r.receiving then '450 4.2.1 This ' || r.noun || ' is not taking messages at the moment. Please try again later.' end
      as receive_refusal`;

const SWITCHES = `not r.sending as may_send, not r.sign_in as may_sign_in, not r.receiving as may_receive, ${SENTENCES}`;

const inForce = (level: string, noun: string, subject: string): string => `
  cross join lateral (
    select '${noun}'::text as noun, coalesce(bool_or(x.stops_sending), false) as sending,
      coalesce(bool_or(x.stops_sign_in), false) as sign_in, coalesce(bool_or(x.stops_receiving), false) as receiving
    from public.restriction x where x.subject_id = ${subject} and x.level = '${level}' and x.lifted_at is null) r`;

const listed = (column: string): string => `',' || array_to_string(${column}, ',') || ','`;

/** Views run with their caller's rights; only engine nodes may read them. Verified domains only. */
export const CREATE_VIEWS = `
  create view directory.tenant with (security_invoker = true) as
    select t.id, ${SWITCHES}, ${digest('t.id', 'r.sending', 'r.sign_in', 'r.receiving')}
    from public.tenant t ${inForce('tenant', 'account', 't.id')};

  create view directory.domain with (security_invoker = true) as
    select d.id, d.tenant_id, d.name, ${SWITCHES},
      ${digest('d.id', 'd.tenant_id', 'd.name', 'r.sending', 'r.sign_in', 'r.receiving')}
    from public.domain d ${inForce('domain', 'domain', 'd.id')} where d.state = 'verified';

  create view directory.mailbox with (security_invoker = true) as
    select m.id, m.tenant_id, m.domain_id, m.address, m.home,
      coalesce(m.quota_bytes, v.quota_bytes) as quota_bytes, v.hourly_messages,
      case when p.second_factor_since is null then p.password_hash end as password,
      ${listed('v.protocols')} as protocols, ${SWITCHES},
      ${digest(
        'm.id',
        'm.tenant_id',
        'm.domain_id',
        'm.address',
        'm.home',
        'coalesce(m.quota_bytes, v.quota_bytes)',
        'v.hourly_messages',
        'p.password_hash',
        'p.second_factor_since',
        'v.protocols',
        'r.sending',
        'r.sign_in',
        'r.receiving',
      )}
    from public.mailbox m
    join public.domain d on d.id = m.domain_id and d.state = 'verified'
    join public.plan_version v on v.id = m.plan_version_id
    left join public.person p on p.id = m.person_id
    ${inForce('mailbox', 'mailbox', 'm.id')} where m.state = 'open';

  create view directory.address with (security_invoker = true) as
    select a.id, a.tenant_id, a.domain_id, a.mailbox_id, a.address, m.address as target, a.kind, a.receives, a.sends,
      ${digest('a.id', 'a.tenant_id', 'a.mailbox_id', 'a.address', 'm.address', 'a.kind', 'a.receives', 'a.sends')}
    from public.address a
    join public.mailbox m on m.id = a.mailbox_id and m.state = 'open'
    join public.domain d on d.id = a.domain_id and d.state = 'verified';

  create view directory.credential with (security_invoker = true) as
    select p.id, p.mailbox_id, p.digest as sha256, ${listed('p.scopes')} as scopes,
      ${digest('p.id', 'p.mailbox_id', 'p.digest', 'p.scopes')}
    from public.app_password p
    join public.mailbox m on m.id = p.mailbox_id and m.state = 'open'
    join public.domain d on d.id = m.domain_id and d.state = 'verified'
    where p.revoked_at is null;

  create view directory.dkim_key with (security_invoker = true) as
    select k.id, k.domain_id, d.name as domain, k.selector, k.sealed_private_key, ${digest('k.id', 'd.name', 'k.selector', 'k.sealed_private_key')}
    from public.dkim_key k join public.domain d on d.id = k.domain_id and d.state = 'verified'
    where k.state = 'signing';

  grant select on directory.tenant, directory.domain, directory.mailbox, directory.address,
    directory.credential, directory.dkim_key to livery_feed;`;

export const DROP_VIEWS = `
  drop view directory.tenant, directory.domain, directory.mailbox, directory.address,
    directory.credential, directory.dkim_key;`;
