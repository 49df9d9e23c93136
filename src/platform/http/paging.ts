import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Keys } from '../config/keys.js';
import { currentScope, type Scope } from '../tenancy/scope.js';
import { refuse } from './http.errors.js';

/** Query of a list: how many, and after which marker. */
export const PageWish = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(500).optional(),
});
export type PageWish = z.infer<typeof PageWish>;

/** A page of a list; `next` is the marker of the following page, null on the last. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export interface Page<Item> {
  readonly items: Item[];
  readonly next: string | null;
}

/**
 * Markers of the last row seen, signed so that an edited one is refused instead of obeyed. A marker is good for the
 * list that gave it, in the scope that it was given in.
 */
@Injectable()
export class Paging {
  constructor(private readonly keys: Keys) {}

  /** The sort values to go on after, or null on the first page. `list` names the list, and is part of the seal. */
  read(wish: PageWish, list: string, count: number): string[] | null {
    if (wish.after === undefined) return null;
    const [text = '', ...seals] = wish.after.split('.');
    const wanted = Buffer.from(this.sign(list, text));
    const given = Buffer.from(seals.join('.'));
    if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) throw refuse.badCursor();
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const parsed = z.array(z.string()).length(count).safeParse(values);
    if (!parsed.success) throw refuse.badCursor();
    return parsed.data;
  }

  /** Rows come with one more than the limit, which tells whether a page follows. */
  page<Row, Item>(
    wish: PageWish,
    list: string,
    rows: readonly Row[],
    mark: (row: Row) => string[],
    show: (row: Row) => Item,
  ): Page<Item> {
    const shown = rows.slice(0, wish.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(show),
      next: rows.length > wish.limit && last !== undefined ? this.write(list, mark(last)) : null,
    };
  }

  private write(list: string, values: readonly string[]): string {
    const text = Buffer.from(JSON.stringify(values)).toString('base64url');
    return `${text}.${this.sign(list, text)}`;
  }

  private sign(list: string, text: string): string {
    const place = JSON.stringify([list, text, ...idsOf(currentScope())]);
    return createHmac('sha256', this.keys.for('cursors')).update(place).digest('base64url').slice(0, 22);
  }
}

const idsOf = (scope: Scope): string[] => {
  if (scope.kind === 'operator') return [];
  return scope.kind === 'reseller' ? [scope.resellerId] : [scope.resellerId, scope.tenantId];
};
