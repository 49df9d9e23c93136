import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenTenant, openTenant, proveDomain } from '../house/tenant.js';
import type { Answer, Caller, World } from './world.js';

const SEATS = 50;
const WISHES = 200;

interface Opened {
  readonly id: string;
  readonly address: string;
}

/** A tenant of its own, so that what is counted here is nobody else's. */
export const provesSeats = (world: () => World): void => {
  describe(`${WISHES} mailboxes opened at once against ${SEATS} seats`, () => {
    let tenant: OpenTenant;
    let answers: Answer[];

    beforeAll(async () => {
      const { house, fjord, callers } = world();
      tenant = await openTenant(fjord, 'Crowd', SEATS);
      const domainId = await proveDomain(tenant, house.stack.dns, 'crowd.example');
      const wish = { domainId, planId: fjord.planId, displayName: 'One of many', kind: 'person' };
      answers = await Promise.all(
        Array.from({ length: WISHES }, (_, index) =>
          world().ask(callers.reseller, {
            method: 'POST',
            path: `/api/v1${tenant.path}/mailboxes`,
            body: { ...wish, localPart: `crowd-${index}` },
          }),
        ),
      );
    });

    it('are opened while there are seats, and refused with a reason after', () => {
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(SEATS);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(new Set(refused.map(({ text }) => (JSON.parse(text) as { code: string }).code))).toEqual(
        new Set(['seats.none-free']),
      );
    });

    it('each exist once where the answer said so, with one address and one person, and none exists besides', async () => {
      const opened = answers
        .filter(({ status }) => status === 201)
        .map(({ text }) => JSON.parse(text) as Opened);
      const rows = await world().sql<Opened & { people: number; addresses: number }>(
        `select m.id, m.address,
           (select count(*)::integer from person p where p.sign_in_name = m.address) as people,
           (select count(*)::integer from address a where a.mailbox_id = m.id) as addresses
         from mailbox m where m.tenant_id = $1`,
        [tenant.id],
      );
      const inOrder = (list: readonly Opened[]) =>
        list.map(({ id, address }) => `${id} ${address}`).toSorted();
      expect(inOrder(rows)).toEqual(inOrder(opened));
      expect(rows.every(({ people, addresses }) => people === 1 && addresses === 1)).toBe(true);
      const [people] = await world().sql(
        'select count(*)::integer as count from person where tenant_id = $1',
        [tenant.id],
      );
      expect(people).toEqual({ count: SEATS });
    });

    it('are what the pool and its ledger count', async () => {
      const [pool] = await world().sql(
        `select p.purchased, p.assigned, sum(l.delta) filter (where l.kind = 'assign')::integer as written,
           max(l.assigned_after) as last, count(distinct l.cause_id) filter (where l.kind = 'assign')::integer as causes
         from seat_pool p join seat_ledger l on l.pool_id = p.id where p.tenant_id = $1 group by p.id`,
        [tenant.id],
      );
      expect(pool).toEqual({ purchased: SEATS, assigned: SEATS, written: SEATS, last: SEATS, causes: SEATS });
    });
  });
};

export const provesRepeats = (world: () => World): void => {
  const createKey = (caller: Caller, key: string, name = 'repeated'): Promise<Answer> =>
    world().ask(caller, {
      method: 'POST',
      path: `/api/v1/tenants/${world().mine.tenantId}/api-keys`,
      body: { name },
      headers: { 'idempotency-key': key },
    });
  const secretOf = ({ text }: Answer): string => (JSON.parse(text) as { key: string }).key;
  const countKeys = async (name: string): Promise<number> =>
    (await world().sql('select 1 from api_key where name = $1', [name])).length;

  describe('a write that is repeated with its Idempotency-Key', () => {
    it('happens once and is answered the same, secret and all, even when both come at once', async () => {
      const key = randomUUID();
      const tries = await Promise.all(
        Array.from({ length: 6 }, () => createKey(world().callers.tenant, key, 'at-once')),
      );
      expect(new Set(tries.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(tries[0]?.status).toBe(201);
      expect(tries.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(5);
      expect(await countKeys('at-once')).toBe(1);
      const [first] = tries;
      const token = first ? secretOf(first) : '';
      const me = await world().ask(
        { ...world().callers.tenant, token },
        { method: 'GET', path: '/api/v1/me' },
      );
      expect(me.status).toBe(200);
    });

    it('keeps its answer sealed: the secret stands nowhere in the database', async () => {
      const secret = secretOf(await createKey(world().callers.tenant, randomUUID(), 'sealed'));
      const [kept] = await world().sql<{ text: string }>(
        `select string_agg(a::text, '') || (select string_agg(k::text, '') from api_key k) as text from answer a`,
      );
      expect(kept?.text.length).toBeGreaterThan(100);
      expect(kept?.text).not.toContain(secret);
      expect(kept?.text).not.toContain(Buffer.from(secret).toString('base64').slice(4, 24));
    });

    it('is refused with 422 when it says something else', async () => {
      const key = randomUUID();
      expect((await createKey(world().callers.tenant, key, 'said')).status).toBe(201);
      const other = await createKey(world().callers.tenant, key, 'said-otherwise');
      expect([other.status, (JSON.parse(other.text) as { code: string }).code]).toEqual([
        422,
        'request.key-reused',
      ]);
      expect(await countKeys('said-otherwise')).toBe(0);
    });

    it('is no repetition when somebody else uses the same key', async () => {
      const key = randomUUID();
      const { tenant, owner, reseller } = world().callers;
      const secrets = [];
      for (const caller of [tenant, owner, reseller])
        secrets.push(secretOf(await createKey(caller, key, 'shared')));
      expect(new Set(secrets).size).toBe(3);
      expect(await countKeys('shared')).toBe(3);
    });

    it('is tried anew when the first try was refused', async () => {
      const key = randomUUID();
      const claim = (name: string) =>
        world().ask(world().callers.tenant, {
          method: 'POST',
          path: `/api/v1/tenants/${world().mine.tenantId}/domains`,
          body: { name },
          headers: { 'idempotency-key': key },
        });
      expect((await claim('dental.example')).status).toBe(409);
      expect((await claim('tried-anew.example')).status).toBe(201);
    });

    it('is a sign-in of one’s own, whatever key others have signed in with', async () => {
      const signIn = (role: 'owner' | 'member') =>
        world().ask(world().callers.nobody, {
          method: 'POST',
          path: '/api/v1/sessions',
          body: { signInName: `${role}@elsewhere.example`, password: world().staffPassword },
          headers: { 'idempotency-key': 'sign-in' },
        });
      const tokens = [];
      for (const role of ['owner', 'member', 'owner'] as const) {
        const { status, text } = await signIn(role);
        expect(status).toBe(201);
        tokens.push((JSON.parse(text) as { token: string }).token);
      }
      expect(new Set(tokens).size).toBe(3);
    });
  });
};
