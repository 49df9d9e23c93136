import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ROOMS = ['src', 'libs', 'migrations', 'test', 'charts'];

const pages = [
  'README.md',
  ...ROOMS.flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${room}/${name}`,
    ),
  ).filter((name) => name.endsWith('/README.md')),
];

const readPage = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** Relative targets of `[words](target)`. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((to) => !to.includes(':'));

/** As written in code, in line or fenced: paths from the top, and names of source files. */
const filesOf = (text: string): string[] => {
  const spans = [...text.matchAll(/```[\s\S]*?```|`([^`\n]+)`/g)].map(([whole, inline]) => inline ?? whole);
  return spans
    .flatMap((span) => span.split(/[\s'"(),;|]+/))
    .filter((word) => /^[\w./-]+$/.test(word) && !word.startsWith('.'))
    .filter(
      (word) => /^(src|libs|migrations|test|charts)\/./.test(word) || /[\w-]\.(ts|mjs|cjs)$/.test(word),
    );
};

/** GitHub's name for a heading. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** A page names files from the top of the checkout, or as they lie beside it. */
const isThere = (page: string, name: string): boolean =>
  [root, path.join(root, path.dirname(page))].some((folder) => existsSync(path.join(folder, name)));

const leads = (page: string, link: string): boolean => {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  if (!existsSync(path.join(root, target))) return false;
  return anchor === undefined || anchorsOf(readPage(target)).includes(anchor);
};

describe('the pages of the repository', () => {
  it('are found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'src/README.md', 'src/agent/README.md']));
  });

  it.each(pages)('%s links to what is there', (page) => {
    expect(linksOf(readPage(page)).filter((link) => !leads(page, link))).toEqual([]);
  });

  it.each(pages)('%s names no file that is gone', (page) => {
    const named = filesOf(readPage(page)).filter((word) => !word.startsWith('dist/'));
    expect(named.filter((name) => !isThere(page, name))).toEqual([]);
  });
});

describe('the settings', () => {
  it('stand in .env.example, every one of them', () => {
    const source = readFileSync(path.join(root, 'src/platform/config/configuration.ts'), 'utf8');
    const settings = [...source.matchAll(/^ {2,4}([A-Z][A-Z_]+):|\{ ([A-Z_]+): /gm)].map(
      ([, own, inline]) => own ?? inline ?? '',
    );
    const example = readFileSync(path.join(root, '.env.example'), 'utf8');
    expect(settings).toContain('DATABASE_URL');
    expect(settings.filter((name) => !new RegExp(`^#?LIVERY_${name}=`, 'm').test(example))).toEqual([]);
  });
});
