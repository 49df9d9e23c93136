/**
 * Version of the tables below. A node that finds another version in a file builds a new generation instead of
 * reading it.
 */
export const DIRECTORY_SCHEMA_VERSION = 2;

const meta = `
  create table meta (key text primary key, value text not null) without rowid;`;

/**
 * Columns every level carries: a switch (0 or 1) and the refusal given while it is off. Refusals for mail are
 * whole SMTP replies, "550 5.2.1 Sentence." (RFC 5321 §4.2); refusals for sign-in are sentences.
 * `digest` is the row's checksum as Postgres computed it, a signed integer below 2^60.
 */
const mailSwitches = `
    may_send integer not null, send_refusal text,
    may_receive integer not null, receive_refusal text,
    digest integer not null`;

const signInSwitch = `
    may_sign_in integer not null, sign_in_refusal text,
    digest integer not null`;

/** What Postfix and Rspamd read. Holds no secret: no hash, no token, no key. */
export const ROUTE_TABLES = `${meta}
  create table tenant (id text primary key, ${mailSwitches}) without rowid;
  create table domain (id text primary key, tenant_id text, name text not null, ${mailSwitches}) without rowid;
  create unique index domain_by_name on domain (name);
  create table mailbox (id text primary key, tenant_id text not null, domain_id text not null,
    address text not null, hourly_messages integer not null, ${mailSwitches}) without rowid;
  create unique index mailbox_by_address on mailbox (address);
  -- One row per address, the primary one included; kind is primary, alias, catch_all or temporary.
  -- A catch-all is stored as "@domain". target is the primary address of the mailbox.
  create table address (id text primary key, tenant_id text not null, domain_id text not null,
    mailbox_id text not null, address text not null, target text not null, kind text not null,
    receives integer not null, sends integer not null, digest integer not null) without rowid;
  create unique index address_by_address on address (address);
  create index address_by_target on address (target);`;

/** What Dovecot's auth worker reads. */
export const AUTH_TABLES = `${meta}
  create table tenant (id text primary key, ${signInSwitch}) without rowid;
  create table domain (id text primary key, tenant_id text, name text not null, ${signInSwitch}) without rowid;
  create unique index domain_by_name on domain (name);
  -- password: "{ARGON2ID}$argon2id$…", null while the main password may not be used by mail programs.
  -- protocols: ",imap,pop3,smtp,sieve," or a part of it; home: relative to the mail root.
  create table mailbox (id text primary key, tenant_id text not null, domain_id text not null,
    address text not null, home text not null, quota_bytes integer not null, password text,
    protocols text not null, ${signInSwitch}) without rowid;
  create unique index mailbox_by_address on mailbox (address);
  -- Whose room an address takes, so that a full mailbox is known behind its aliases too. Nobody signs in with one.
  create table address (id text primary key, address text not null, target text not null,
    digest integer not null) without rowid;
  create unique index address_by_address on address (address);
  -- App passwords: sha256 is lower-case hex of the token; scopes as in protocols.
  create table credential (id text primary key, mailbox_id text not null, sha256 text not null,
    scopes text not null, digest integer not null) without rowid;
  create unique index credential_by_sha256 on credential (sha256);
  create index credential_by_mailbox on credential (mailbox_id);`;

/**
 * What Dovecot reports. `dirty` lists what changed since the agent last shipped it, numbered, so that the agent
 * deletes only what it has read. Dovecot upserts, so the triggers delete and insert instead of replacing.
 */
export const WRITEBACK_TABLES = `
  create table usage (username text primary key, bytes integer not null default 0, messages integer not null default 0);
  create table last_login (username text not null, service text not null default '', at integer not null,
    primary key (username, service));
  create table dirty (seq integer primary key autoincrement, kind text not null, username text not null,
    unique (kind, username));
  create trigger usage_inserted after insert on usage begin
    delete from dirty where kind = 'usage' and username = new.username;
    insert into dirty (kind, username) values ('usage', new.username); end;
  create trigger usage_updated after update on usage begin
    delete from dirty where kind = 'usage' and username = new.username;
    insert into dirty (kind, username) values ('usage', new.username); end;
  create trigger login_inserted after insert on last_login begin
    delete from dirty where kind = 'login' and username = new.username;
    insert into dirty (kind, username) values ('login', new.username); end;
  create trigger login_updated after update on last_login begin
    delete from dirty where kind = 'login' and username = new.username;
    insert into dirty (kind, username) values ('login', new.username); end;`;
