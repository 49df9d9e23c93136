import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { BODIES } from './bodies.js';
import { fillIn, idsIn, nameOf, readRoutes, type Route } from './routes.js';
import type { Answer, CallerKind, Ids, World } from './world.js';

const CALLERS: readonly CallerKind[] = ['operator', 'reseller', 'tenant', 'owner', 'member', 'nobody'];

/** The ids of something that never was. */
const nothing = (like: Ids): Ids =>
  Object.fromEntries(Object.keys(like).map((kind) => [kind, randomUUID()])) as unknown as Ids;

interface Attempt {
  readonly what: string;
  /** Ids of a path: the caller's own down to some point, and from there another's. */
  readonly foreign: Ids;
  readonly random: Ids;
}

/** Own ids before `from`, those of `other` at it and after. */
const splice = (own: Ids, other: Ids, kinds: readonly (keyof Ids)[], from: number): Ids => ({
  ...own,
  ...Object.fromEntries(kinds.slice(from).map((kind) => [kind, other[kind]])),
});

/** Whether the first id of a path leads where the caller belongs, and so is no foreign one. */
const reaches = (caller: CallerKind, { mine, sibling }: World, kind: keyof Ids, id: string): boolean => {
  if (caller === 'operator') return true;
  if (kind === 'tenantId') return id === mine.tenantId || (caller === 'reseller' && id === sibling.tenantId);
  return caller === 'reseller' && kind === 'resellerId' && id === mine.resellerId;
};

const attemptsOn = (route: Route, caller: CallerKind, world: World): Attempt[] => {
  const { mine, sibling, stranger, gone } = world;
  const kinds = idsIn(route);
  const isForeign = (kind: keyof Ids, from: number, ids: Ids): boolean => {
    if (from === 0 && kind === 'operatorKeyId') return ids === gone || caller !== 'operator';
    if (from === 0) return !reaches(caller, world, kind, ids[kind]);
    // Below its own reseller a sibling is at home.
    if (kind === 'tenantId') return ids.resellerId !== mine.resellerId;
    return ids[kind] !== mine[kind];
  };
  return kinds.flatMap((kind, from) =>
    Object.entries({ own: mine, sibling, stranger, deleted: gone })
      .filter(([, ids]) => isForeign(kind, from, ids))
      .map(([whose, ids]) => ({
        what: `${whose} ${kind}`,
        foreign: splice(mine, ids, kinds, from),
        random: splice(mine, nothing(mine), kinds, from),
      })),
  );
};

const send = (world: World, caller: CallerKind, route: Route, ids: Ids, body: unknown): Promise<Answer> =>
  world.ask(world.callers[caller], {
    method: route.method,
    path: fillIn(route, { ...ids }),
    ...(body !== null && body !== undefined && { body }),
  });

const bodyOf = (route: Route, ids: Ids): unknown => BODIES[nameOf(route)]?.(ids) ?? null;

/** Every row that somebody may change, without what the platform itself measures meanwhile. */
const fingerprint = async (world: World): Promise<Record<string, string>> => {
  const tables = await world.sql<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and not c.relispartition
       and c.relname not in ('inbox', 'outbox', 'mailbox_usage', 'mailbox_sign_in') order by 1`,
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await world.sql<{ sum: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(line, ' ' order by line), '')) as sum
       from (select (to_jsonb(t) - '{checked_at,report,updated_at}'::text[])::text as line from ${name} t) lines`,
    );
    sums[name] = row?.sum ?? '';
  }
  return sums;
};

/** What a caller may tell apart: the status, the body, and headers other than those every answer has of its own. */
const face = ({ status, text, headers }: Answer): string => {
  const { date: _, 'x-request-id': __, 'content-length': ___, ...rest } = headers;
  return `${status} ${text} ${JSON.stringify(rest)}`;
};

export const provesForeignIds = (world: () => World): void => {
  let routes: Route[];
  const writing = () => routes.filter(({ method }) => method !== 'GET');

  beforeAll(async () => {
    routes = await readRoutes();
  });

  describe('the matrix', () => {
    it('has the routes that the running application describes', async () => {
      const { text } = await world().ask(world().callers.nobody, { method: 'GET', path: '/api/docs' });
      const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, unknown>> };
      const described = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        ),
      );
      const known = routes.map(nameOf).filter((name) => name !== 'GET /api/docs');
      expect(described.toSorted()).toEqual(known.toSorted());
    });

    it('has a body for every route that writes, and for no other', () => {
      expect(Object.keys(BODIES).toSorted()).toEqual(writing().map(nameOf).toSorted());
    });

    it('leaves open to nobody but the routes that are public', async () => {
      for (const route of routes.filter(({ isPublic }) => !isPublic)) {
        const { status } = await send(world(), 'nobody', route, world().mine, bodyOf(route, world().mine));
        expect(status, nameOf(route)).toBe(401);
      }
    });
  });

  describe('an id that is another’s, or was deleted', () => {
    it.each(CALLERS)(
      'is answered to the %s like an id of nothing, byte for byte, and changes no row',
      async (caller) => {
        const before = await fingerprint(world());
        let count = 0;
        for (const route of routes)
          for (const { what, foreign, random } of attemptsOn(route, caller, world())) {
            const body = bodyOf(route, world().mine);
            const [seen, wanted] = await Promise.all([
              send(world(), caller, route, foreign, body),
              send(world(), caller, route, random, body),
            ]);
            const where = `${caller}: ${nameOf(route)}, ${what}`;
            expect(face(seen), where).toBe(face(wanted));
            expect([401, 403, 404], where).toContain(seen.status);
            count += 1;
          }
        expect(count).toBeGreaterThan(50);
        expect(await fingerprint(world())).toEqual(before);
      },
    );

    it('is answered like an id of nothing inside a body, too', async () => {
      const before = await fingerprint(world());
      const { mine, sibling, stranger, gone } = world();
      let count = 0;
      for (const route of writing())
        for (const kind of ['brandId', 'planId', 'domainId', 'mailboxId'] as const)
          for (const whose of [sibling, stranger, gone])
            for (const caller of ['operator', 'reseller', 'tenant', 'owner'] as const) {
              const [own, foreign, random] = [mine, whose, nothing(mine)].map((ids) =>
                bodyOf(route, { ...mine, [kind]: ids[kind] }),
              );
              if (JSON.stringify(own) === JSON.stringify(foreign)) continue;
              const [seen, wanted] = [
                await send(world(), caller, route, mine, foreign),
                await send(world(), caller, route, mine, random),
              ];
              expect(face(seen), `${caller}: ${nameOf(route)}, ${kind}`).toBe(face(wanted));
              expect(seen.status).toBe(404);
              count += 1;
            }
      expect(count).toBeGreaterThan(20);
      expect(await fingerprint(world())).toEqual(before);
    });

    it('finds nothing as a filter', async () => {
      for (const [list, name] of [
        ['mailboxes', 'domainId'],
        ['mail-events', 'mailboxId'],
      ] as const)
        for (const ids of [world().sibling, world().stranger, nothing(world().mine)]) {
          const path = `/api/v1/tenants/${world().mine.tenantId}/${list}?${name}=${ids[name]}`;
          const { status, text } = await world().ask(world().callers.reseller, { method: 'GET', path });
          expect([status, text]).toEqual([200, '{"items":[],"next":null}']);
        }
    });
  });

  describe('a field that the body of a route does not have', () => {
    it('is refused by every route that takes a body, and changes no row', async () => {
      const before = await fingerprint(world());
      const { mine, stranger } = world();
      const extra = {
        id: stranger.tenantId,
        resellerId: stranger.resellerId,
        tenantId: stranger.tenantId,
        state: 'verified',
        verifiedAt: new Date().toISOString(),
        isOperator: true,
      };
      const taking = writing().filter((route) => bodyOf(route, mine) !== null);
      for (const route of taking)
        for (const [field, value] of Object.entries(extra)) {
          const body = { ...(bodyOf(route, mine) as object), [field]: value };
          const { status, text } = await send(world(), 'operator', route, mine, body);
          expect([status, (JSON.parse(text) as { code: string }).code], `${nameOf(route)} ${field}`).toEqual([
            400,
            'request.invalid',
          ]);
        }
      expect(await fingerprint(world())).toEqual(before);
    });
  });
};

/** Without this the matrix might be green because nothing ever works. Run last: it uses up what the world has. */
export const provesOwnIds = (world: () => World): void => {
  const ORDER = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE'];
  /** Found, and refused for what it is: the domain still has a mailbox on it. */
  const REFUSED: Readonly<Record<string, number>> = {
    'DELETE /api/v1/tenants/:tenantId/domains/:domainId': 409,
  };

  describe('an id of one’s own', () => {
    it('works on every route for the operator, with the same bodies', async () => {
      const routes = (await readRoutes()).toSorted(
        (one, other) =>
          ORDER.indexOf(one.method) - ORDER.indexOf(other.method) ||
          (one.method === 'DELETE' ? other.path.length - one.path.length : 0),
      );
      const seen: Record<string, number> = {};
      for (const route of routes.filter(({ isPublic }) => !isPublic)) {
        const { status } = await send(world(), 'operator', route, world().mine, bodyOf(route, world().mine));
        seen[nameOf(route)] = status;
      }
      const wrong = Object.entries(seen).filter(
        ([name, status]) => (status >= 300 || name in REFUSED) && REFUSED[name] !== status,
      );
      expect(wrong).toEqual([]);
    });
  });
};
