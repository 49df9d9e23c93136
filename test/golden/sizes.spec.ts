import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const MOST_FILES_PER_FOLDER = 12;

/** Words that say nothing of the trade: what carries one has not found its name yet. */
const BANNED = 'util utils helper helpers common shared manager processor misc base impl data info'.split(
  ' ',
);

/** Paths in the checkout of all TypeScript in the rooms given. */
const sourcesIn = (...rooms: readonly string[]): string[] =>
  rooms.flatMap((room) =>
    readdirSync(path.join(checkout, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .map((file) => path.join(room, file)),
  );

const textOf = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');
const isSpec = (file: string): boolean => file.endsWith('.spec.ts');

/** Words of encodings, and of the object-relational mapper, that are nobody's choice here. */
const GIVEN = /base-?(32|64)|data[- ]?source/gi;

/** The words of a name in camel case, Pascal case, capitals or with dashes. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(GIVEN, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());

const bannedIn = (name: string): string[] => wordsOf(name).filter((word) => BANNED.includes(word));

const exportedNames = (text: string): string[] =>
  [...text.matchAll(/^export (?:abstract )?(?:async )?(?:const|function|class|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

/** Lines of the comment a text opens with; 0 when it opens with something else. */
const openingComment = (text: string): number => {
  const [comment] = /^(?:\/\*[\s\S]*?\*\/|(?:\/\/.*\n)+)/.exec(text) ?? [''];
  return comment
    .trim()
    .split('\n')
    .filter((line) => /\w/.test(line)).length;
};

const everything = sourcesIn('src', 'libs', 'migrations', 'test');
const written = sourcesIn('src', 'libs', 'migrations');

describe('the scan itself', () => {
  it('finds a banned word in every way of writing a name', () => {
    for (const name of ['mail-util.ts', 'QueueManager', 'readInfo', 'SHARED_KEY', 'HTTPHelper', 'data'])
      expect(bannedIn(name), name).toHaveLength(1);
    for (const name of ['Database', 'informed', 'implied', 'basement', 'utility', 'fromBase64Url'])
      expect(bannedIn(name), name).toEqual([]);
  });

  it('sees what a file exports, and with how long a comment it opens', () => {
    expect(exportedNames('export const readInfo = 1;\nexport abstract class Base {}\n')).toEqual([
      'readInfo',
      'Base',
    ]);
    expect(openingComment('/**\n * One.\n * Two.\n */\nexport {};')).toBe(2);
    expect(openingComment('export {};')).toBe(0);
  });
});

describe('the size of things', () => {
  it('keeps a folder to twelve source files', () => {
    const counts = new Map<string, number>();
    for (const folder of everything.filter((file) => !isSpec(file)).map((file) => path.dirname(file)))
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    const full = [...counts].filter(([, files]) => files > MOST_FILES_PER_FOLDER);
    expect(full).toEqual([]);
  });

  it('keeps half of all source files below sixty lines', () => {
    const lengths = written
      .filter((file) => !isSpec(file))
      .map((file) => textOf(file).split('\n').length - 1)
      .toSorted((one, other) => one - other);
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
    process.stdout.write(
      `${lengths.length} source files, median ${median} lines, longest ${lengths.at(-1)}\n`,
    );
    expect(median).toBeLessThanOrEqual(60);
  });
});

describe('the names of things', () => {
  it('are in kebab case, for files', () => {
    const odd = everything.filter(
      (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|mjs)$/.test(path.basename(file)),
    );
    expect(odd).toEqual([]);
  });

  it('hold no word that says nothing, in files and folders', () => {
    expect(everything.filter((file) => bannedIn(file).length > 0)).toEqual([]);
  });

  it('hold no word that says nothing, in what a file exports', () => {
    const empty = everything.flatMap((file) =>
      exportedNames(textOf(file))
        .filter((name) => bannedIn(name).length > 0)
        .map((name) => `${file}: ${name}`),
    );
    expect(empty).toEqual([]);
  });

  it('carry no mark of being an interface', () => {
    const marked = everything.flatMap((file) =>
      [...textOf(file).matchAll(/^export interface (I[A-Z][a-z]\w*)/gm)].map(
        ([, name]) => `${file}: ${name}`,
      ),
    );
    expect(marked).toEqual([]);
  });
});

describe('every library', () => {
  const libraries = readdirSync(path.join(checkout, 'libs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it.each(libraries)('%s has a front door that says what it does and what it will not do', (library) => {
    expect(openingComment(textOf(path.join('libs', library, 'index.ts')))).toBeGreaterThanOrEqual(3);
  });
});
