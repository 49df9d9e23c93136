import type { ClientBase } from 'pg';

export interface SeededTenant {
  readonly tenantId: string;
  readonly domainId: string;
  readonly planVersionId: string;
  readonly resellerId: string;
}

/** One reseller, brand, plan, tenant and verified domain, written past the row guards by the superuser. */
export const seedTenant = async (db: ClientBase, domain = 'one.example'): Promise<SeededTenant> => {
  const { rows } = await db.query<SeededTenant>(
    `with r as (insert into reseller (id, name, created_at, updated_at)
        values (gen_random_uuid(), 'r', now(), now()) returning id),
      b as (insert into brand (id, reseller_id, name, support_email, mail_host, zone_name, created_at, updated_at)
        select gen_random_uuid(), id, 'b', 's@b.example', 'mail.b.example', $1 || '.zone', now(), now() from r
        returning id, reseller_id),
      p as (insert into plan (id, reseller_id, name, current_version, created_at)
        select gen_random_uuid(), id, 'p', 1, now() from r returning id, reseller_id),
      v as (insert into plan_version (id, plan_id, reseller_id, number, quota_bytes, aliases_per_mailbox,
          hourly_messages, protocols, created_at)
        select gen_random_uuid(), id, reseller_id, 1, 1000000, 10, 20, '{imap,pop3,smtp,sieve}', now() from p
        returning id),
      t as (insert into tenant (id, reseller_id, brand_id, name, contact_email, created_at, updated_at)
        select gen_random_uuid(), b.reseller_id, b.id, 't', 'c@t.example', now(), now() from b
        returning id, reseller_id, brand_id),
      d as (insert into domain (id, reseller_id, tenant_id, brand_id, name, state, verified_at, created_at, updated_at)
        select gen_random_uuid(), reseller_id, id, brand_id, $1, 'verified', now(), now(), now() from t returning id)
     select t.id as "tenantId", t.reseller_id as "resellerId", d.id as "domainId", v.id as "planVersionId"
     from t, d, v`,
    [domain],
  );
  return rows[0]!;
};

/** Opens mailboxes `<prefix><n>@<domain>`, each with its primary address. Answers their ids in order. */
export const openMailboxes = async (
  db: ClientBase,
  seeded: SeededTenant,
  count: number,
  prefix = 'u',
): Promise<string[]> => {
  const { rows } = await db.query<{ id: string }>(
    `with m as (insert into mailbox (id, reseller_id, tenant_id, domain_id, kind, display_name, local_part, address,
        home, plan_version_id, state, created_at, updated_at)
      select gen_random_uuid(), $1, $2, d.id, 'person', 'n', $5 || n, $5 || n || '@' || d.name,
        gen_random_uuid()::text, $4, 'open', now(), now()
      from domain d, generate_series(1, $6::int) n where d.id = $3
      returning id, reseller_id, tenant_id, domain_id, address)
     , a as (insert into address (id, reseller_id, tenant_id, domain_id, mailbox_id, address, kind, receives, sends,
        created_at)
      select gen_random_uuid(), reseller_id, tenant_id, domain_id, id, address, 'primary', true, true, now() from m)
     select id from m order by length(address), address`,
    [seeded.resellerId, seeded.tenantId, seeded.domainId, seeded.planVersionId, prefix, count],
  );
  return rows.map(({ id }) => id);
};

/** An app password of the first mailbox given; answers its id. */
export const addAppPassword = async (db: ClientBase, mailboxId: string, sha256: string): Promise<string> => {
  const { rows } = await db.query<{ id: string }>(
    `insert into app_password (id, reseller_id, tenant_id, mailbox_id, name, digest, scopes, created_at)
     select gen_random_uuid(), reseller_id, tenant_id, id, 'phone', $2, '{imap,smtp}', now() from mailbox where id = $1
     returning id`,
    [mailboxId, sha256],
  );
  return rows[0]!.id;
};

export const restrict = async (
  db: ClientBase,
  seeded: SeededTenant,
  level: 'tenant' | 'domain' | 'mailbox',
  subjectId: string,
): Promise<void> => {
  await db.query(
    `insert into restriction (id, reseller_id, tenant_id, level, subject_id, cause, stops_sending, stops_sign_in,
       stops_receiving, reason, placed_by, placed_at)
     values (gen_random_uuid(), $1, $2, $3, $4, 'owner', true, true, false, 'r', 'p', now())`,
    [seeded.resellerId, seeded.tenantId, level, subjectId],
  );
};
