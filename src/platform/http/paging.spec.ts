import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keys } from '../config/keys.js';
import { enterScope, PLATFORM, type Scope } from '../tenancy/scope.js';
import { Paging, PageWish } from './paging.js';

const keysOf = (secret: string): Keys =>
  new Keys({ SECRET_KEY: Buffer.from(secret.padEnd(32)).toString('base64url') } as never);

const paging = new Paging(keysOf('ours'));
const rows = (count: number): { id: string }[] =>
  Array.from({ length: count }, (_, id) => ({ id: String(id) }));

const bakery = { kind: 'tenant', resellerId: 'fjord', tenantId: 'bakery' } as const;

const within = <T>(scope: Scope, work: () => T): T =>
  enterScope(scope, { actor: PLATFORM, cause: 'test' }, work);

/** `place` says where the marker is from, where it differs from where it is read. */
const markerOf = (values: string[], place: { by?: Paging; list?: string; scope?: Scope } = {}): string => {
  const { by = paging, list = 'things', scope = bakery } = place;
  const show = (row: string): string => row;
  return within(scope, () => by.page({ limit: 1 }, list, ['one', 'two'], () => values, show).next ?? '');
};

const read = (after: string, count = 1): string[] | null =>
  within(bakery, () => paging.read({ limit: 1, after }, 'things', count));

const pageOf = (wish: PageWish, found: { id: string }[]) =>
  within(bakery, () =>
    paging.page(
      wish,
      'things',
      found,
      (row) => [row.id],
      (row) => row.id,
    ),
  );

describe('page markers', () => {
  it('come back as the values they were made of, whatever these hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (values) => {
        expect(read(markerOf(values), values.length)).toEqual(values);
      }),
    );
  });

  it('lead through a list to its end, each row once', () => {
    const all = rows(7);
    const seen: string[] = [];
    let wish: PageWish = { limit: 3 };
    for (let turn = 0; turn < 4; turn += 1) {
      const [after] = within(bakery, () => paging.read(wish, 'things', 1)) ?? [];
      const from = after === undefined ? 0 : Number(after) + 1;
      const found = all.slice(from, from + wish.limit + 1);
      const page = pageOf(wish, found);
      seen.push(...page.items);
      if (page.next === null) break;
      wish = { limit: 3, after: page.next };
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('are missing on the last page, also when that is full', () => {
    const page = pageOf({ limit: 3 }, rows(3));
    expect(page).toEqual({ items: ['0', '1', '2'], next: null });
  });

  it.each([
    ['empty', ''],
    ['without a seal', Buffer.from('["1"]').toString('base64url')],
    ['with an empty seal', `${Buffer.from('["1"]').toString('base64url')}.`],
    [
      'with other values under a known seal',
      `${Buffer.from('["2"]').toString('base64url')}.${markerOf(['1']).split('.')[1]}`,
    ],
    ['with something behind its seal', `${markerOf(['1'])}x`],
    ['of another installation', markerOf(['1'], { by: new Paging(keysOf('theirs')) })],
    [
      'made of no JSON, and sealed with no key',
      `!.${createHmac('sha256', '').update('!').digest('base64url').slice(0, 22)}`,
    ],
    ['of a list with more columns', markerOf(['1', '2'])],
    ['of another list', markerOf(['1'], { list: 'others' })],
    ['of the tenant next door', markerOf(['1'], { scope: { ...bakery, tenantId: 'dental' } })],
    ['of the reseller above', markerOf(['1'], { scope: { kind: 'reseller', resellerId: 'fjord' } })],
    ['of the operator', markerOf(['1'], { scope: { kind: 'operator' } })],
  ])('are refused when %s', (_, after) => {
    expect(() => read(after)).toThrow(expect.objectContaining({ code: 'request.bad-cursor', status: 400 }));
  });

  it('ask for 1 to 200 rows, and for 50 where nothing is said', () => {
    expect(PageWish.parse({})).toEqual({ limit: 50 });
    expect(PageWish.parse({ limit: '200' })).toEqual({ limit: 200 });
    for (const limit of ['0', '201', '1.5', 'all', '-1'])
      expect(PageWish.safeParse({ limit }).success, limit).toBe(false);
  });
});
