import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sayPlainly } from './plain-words.js';

const Wish = z.strictObject({
  name: z.string().min(1).max(5),
  count: z.int().min(1).max(9),
  plan: z.uuid(),
  kind: z.enum(['person', 'shared']),
  list: z.array(z.string()).min(1),
});
const good = {
  name: 'ana',
  count: 3,
  plan: '01a20918-d77c-707b-8aa3-4428af815b24',
  kind: 'person',
  list: ['a'],
};

const sayingOf = (wish: unknown): string[] =>
  Wish.safeParse(wish, { error: sayPlainly }).error?.issues.map((issue) => issue.message) ?? [];

describe('what is said of a value that is not valid', () => {
  it.each([
    [{ ...good, name: undefined }, 'This is missing.'],
    [{ ...good, name: 7 }, 'This must be text.'],
    [{ ...good, name: 'far too long' }, 'This has at most 5 characters.'],
    [{ ...good, count: 0 }, 'This is at least 1.'],
    [{ ...good, count: 10 }, 'This is at most 9.'],
    [{ ...good, plan: 'x' }, 'Give the id as the list or the creation answered it.'],
    [{ ...good, kind: 'robot' }, 'Choose one of: person, shared.'],
    [{ ...good, list: [] }, 'This lists at least 1.'],
    [{ ...good, role: 'owner' }, 'There is no such field: role.'],
  ])('%j', (wish, sentence) => {
    expect(sayingOf(wish)).toEqual([sentence]);
  });
});
