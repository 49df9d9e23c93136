import type Database from 'better-sqlite3';
import type { Changes, Facts, KindChange, Row } from '../directory/directory-file.js';

/**
 * What must reach the mail store beside the changed row: `flush` forgets cached sign-ins, `kick` also ends sessions.
 * A mask is a login name, or "*@domain" for all of a domain.
 */
export type RevocationKind = 'flush' | 'kick';
type Revocations = ReadonlyMap<string, RevocationKind>;

export const FACT_PREFIX = 'revocation:';

interface AuthMailbox {
  readonly id: string;
  readonly address: string;
  readonly password: string | null;
  readonly protocols: string;
  readonly may_sign_in: number | boolean;
}

/** What becomes of a mailbox's sessions when its row changes; null when nothing has to be done. */
export const judgeMailbox = (before: AuthMailbox, after: AuthMailbox | null): RevocationKind | null => {
  if (after === null || after.address !== before.address) return 'kick';
  if (Boolean(before.may_sign_in) && !after.may_sign_in) return 'kick';
  // Another main password, or none any more since a second factor was set up: whoever came in with the old one goes.
  if (before.password !== null && after.password !== before.password) return 'kick';
  if (listOf(before.protocols).some((protocol) => !listOf(after.protocols).includes(protocol))) return 'kick';
  const same = before.password === after.password && before.protocols === after.protocols;
  return same && Boolean(before.may_sign_in) === Boolean(after.may_sign_in) ? null : 'flush';
};

const listOf = (protocols: string): string[] => protocols.split(',').filter((protocol) => protocol !== '');

/**
 * Compares the auth file as it is with the rows about to go in. The outcome is stored with the rows, in the same
 * transaction, so that a crash in between forgets nothing.
 */
export const revocationFacts = (auth: Database.Database, changes: Changes): Facts => {
  const found = new Map<string, RevocationKind>();
  const add = (mask: string, kind: RevocationKind | null): void => {
    if (kind !== null && found.get(mask) !== 'kick') found.set(mask, kind);
  };
  for (const mask of masksOfLevels(auth, changes)) add(mask, 'kick');
  const mailboxes = changes.get('mailbox');
  if (mailboxes !== undefined) {
    for (const { before, after } of pairRows<AuthMailbox>(auth, 'mailbox', mailboxes)) {
      // One mask for the domain says it for all of its mailboxes.
      if (!found.has(`*@${domainOf(before.address)}`)) add(before.address, judgeMailbox(before, after));
    }
  }
  for (const address of addressesOfRevoked(auth, changes.get('credential'))) add(address, 'kick');
  return toFacts(auth, found);
};

/** Tenants and domains that lost sign-in, or are gone. A tenant may also own mailboxes in a domain of its brand. */
const masksOfLevels = (auth: Database.Database, changes: Changes): string[] => {
  const lost = (kind: 'tenant' | 'domain'): { id: string; name: string }[] =>
    pairRows<{ id: string; name: string; may_sign_in: number }>(auth, kind, changes.get(kind))
      .filter(({ before, after }) => before.may_sign_in === 1 && !after?.may_sign_in)
      .map(({ before }) => before);
  const domains = lost('domain').map((domain) => `*@${domain.name}`);
  const tenants = lost('tenant').flatMap((tenant) => [
    ...texts(auth, `select '*@' || name from domain where tenant_id = ?`, tenant.id),
    ...texts(
      auth,
      `select m.address from mailbox m join domain d on d.id = m.domain_id
       where m.tenant_id = ? and d.tenant_id is not m.tenant_id`,
      tenant.id,
    ),
  ]);
  return [...domains, ...tenants];
};

const addressesOfRevoked = (auth: Database.Database, change: KindChange | undefined): string[] =>
  pairRows<{ id: string; mailbox_id: string; sha256: string; scopes: string }>(auth, 'credential', change)
    .filter(({ before, after }) => before.sha256 !== after?.sha256 || before.scopes !== after.scopes)
    .flatMap(({ before }) => texts(auth, 'select address from mailbox where id = ?', before.mailbox_id));

/** Rows the file holds, each with the one that takes its place. */
const pairRows = <R extends { readonly id: string }>(
  auth: Database.Database,
  table: string,
  change: KindChange | undefined,
): { readonly before: R; readonly after: R | null }[] => {
  if (change === undefined) return [];
  const find = auth.prepare<[string], R>(`select * from ${table} where id = ?`);
  const next = new Map<unknown, Row>(change.rows.map((row) => [row['id'], row]));
  return change.ids.flatMap((id) => {
    const before = find.get(id);
    return before === undefined ? [] : [{ before, after: (next.get(id) as R | undefined) ?? null }];
  });
};

/** Who a new generation no longer lets in as the old one did. */
export const revocationFactsOfRebuild = (old: Database.Database, fresh: Database.Database): Facts => {
  fresh.prepare('attach ? as before').run(old.name);
  try {
    const kicked = texts(fresh, LOST_SIGN_IN).map((address): [string, RevocationKind] => [address, 'kick']);
    const pending = fresh
      .prepare(`select key, value from before.meta where key like '${FACT_PREFIX}%'`)
      .all();
    const carried = (pending as { key: string; value: string }[]).map(({ key, value }) => [key, value]);
    return { ...(Object.fromEntries(carried) as Facts), ...toFacts(fresh, new Map(kicked)) };
  } finally {
    fresh.exec('detach before');
  }
};

const LOST_SIGN_IN = `
  select b.address from before.mailbox b
    left join main.mailbox m on m.id = b.id
    left join main.domain d on d.id = m.domain_id
    left join main.tenant t on t.id = m.tenant_id
    where m.id is null or m.address <> b.address or (b.password is not null and m.password is not b.password) or m.protocols <> b.protocols
      or m.may_sign_in < b.may_sign_in or coalesce(d.may_sign_in, 0) = 0 or coalesce(t.may_sign_in, 0) = 0
  union
  select b.address from before.credential c join before.mailbox b on b.id = c.mailbox_id
    where not exists (select 1 from main.credential k where k.id = c.id and k.sha256 = c.sha256)`;

/** The number makes each entry its own, so that doing an older one does not delete a newer one of the same name. */
const toFacts = (auth: Database.Database, found: Revocations): Facts => {
  const facts: Record<string, string> = {};
  const waiting = auth.prepare<[string], { value: string }>('select value from meta where key = ?');
  for (const [mask, kind] of found) {
    const earlier = waiting.get(`${FACT_PREFIX}${mask}`)?.value ?? '';
    lastNumber += 1;
    const stronger = earlier.startsWith('kick') ? 'kick' : kind;
    facts[`${FACT_PREFIX}${mask}`] = `${stronger}:${process.pid}.${lastNumber}`;
  }
  return facts;
};

let lastNumber = 0;

const texts = (db: Database.Database, sql: string, ...values: string[]): string[] =>
  db
    .prepare(sql)
    .pluck()
    .all(...values) as string[];

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
