import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
  forbidden: readonly { readonly name: string }[];
};
const RULES = config.forbidden.map((rule) => rule.name);
const ROOMS = RULES.filter((name) => name.startsWith('calls-go-down-from-')).map((name) =>
  name.replace('calls-go-down-from-', ''),
);

/** A file that breaks one rule, and what it imports to do so. */
interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly imports: string;
}

const PLANTED: readonly Planted[] = [
  // The room right above, by a suffix that is open to neighbours: only the direction is wrong.
  ...ROOMS.map((room, index) => ({
    rule: `calls-go-down-from-${room}`,
    file: `src/${room}/calls-up.ts`,
    imports: `../${ROOMS[index + 1] ?? 'mail-events'}/offered.service.js`,
  })),
  { rule: 'no-circular', file: 'src/platform/one.ts', imports: './other.js' },
  { rule: 'libs-know-nothing-of-src', file: 'libs/dns/homesick.ts', imports: '../../src/platform/floor.js' },
  { rule: 'libs-without-frameworks', file: 'libs/dns/framed.ts', imports: '@nestjs/common' },
  { rule: 'libs-by-front-door', file: 'src/platform/burglar.ts', imports: '../../libs/dns/inner.js' },
  { rule: 'libs-stand-alone', file: 'libs/dns/leaning.ts', imports: '#libs/mail-log' },
  {
    rule: 'platform-knows-no-feature',
    file: 'src/platform/nosy.ts',
    imports: '../brands/offered.service.js',
  },
  {
    rule: 'neighbours-by-public-suffix',
    file: 'src/tenants/reaches-in.ts',
    imports: '../brands/brand.entity.js',
  },
  { rule: 'surfaces-are-leaves', file: 'src/policy/shows.ts', imports: '../command-line/command.js' },
  { rule: 'engine-side-apart', file: 'src/agent/asks.ts', imports: '../brands/offered.service.js' },
  { rule: 'migrations-stand-alone', file: 'migrations/living.ts', imports: '../src/platform/floor.js' },
  { rule: 'queues-only-in-platform', file: 'src/platform/http/queues.ts', imports: 'bullmq' },
  {
    rule: 'rows-only-through-the-scope',
    file: 'src/brands/pools.ts',
    imports: '../platform/database/data-source.js',
  },
  { rule: 'no-test-code-in-src', file: 'src/platform/tested.ts', imports: 'vitest' },
];

/** What stands there to be imported, and breaks nothing. */
const BYSTANDERS: Readonly<Record<string, string>> = {
  'src/platform/other.ts': `import './one.js';`,
  'src/platform/floor.ts': '',
  'src/platform/database/data-source.ts': '',
  'src/brands/brand.entity.ts': '',
  'src/command-line/command.ts': '',
  'libs/dns/inner.ts': '',
  'libs/mail-log/index.ts': '',
  'libs/address/index.ts': '',
  'test/placeholder.ts': '',
  // Allowed, and so expected to be silent: the floor, the rooms below, a library by its front door.
  'src/mailboxes/well-behaved.ts': [
    `import '../platform/floor.js';`,
    `import '../brands/offered.service.js';`,
    `import '#libs/mail-log';`,
  ].join('\n'),
  'libs/dns/neighbourly.ts': `import '#libs/address';`,
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let tree: string;
let found: readonly { readonly file: string; readonly rules: readonly string[] }[];

const plant = async (file: string, text: string): Promise<void> => {
  const target = path.join(tree, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, `${text}\nexport {};\n`);
};

const cruise = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const program = path.join(checkout, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const given = [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'src',
      'libs',
      'migrations',
    ];
    // It leaves with the number of violations, which are what is wanted here.
    execFile(process.execPath, [program, ...given], { cwd: tree, maxBuffer: 1e8 }, (fault, stdout, stderr) =>
      stdout.startsWith('{') ? resolve(stdout) : reject(fault ?? new Error(stderr)),
    );
  });

beforeAll(async () => {
  tree = await mkdtemp(path.join(tmpdir(), 'planted-'));
  for (const file of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
    await cp(path.join(checkout, file), path.join(tree, file));
  await symlink(path.join(checkout, 'node_modules'), path.join(tree, 'node_modules'));
  for (const room of [...ROOMS, 'mail-events']) await plant(`src/${room}/offered.service.ts`, '');
  for (const [file, text] of Object.entries(BYSTANDERS)) await plant(file, text);
  for (const { file, imports } of PLANTED) await plant(file, `import '${imports}';`);
  const { summary } = JSON.parse(await cruise()) as { summary: { violations: readonly Violation[] } };
  const files = [...new Set(summary.violations.map((violation) => violation.from))];
  found = files.map((file) => ({
    file,
    rules: [...new Set(summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name))],
  }));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

describe('the walls of the house', () => {
  it('have a planted violation for every rule', () => {
    expect([...new Set(PLANTED.map(({ rule }) => rule))].toSorted()).toEqual(RULES.toSorted());
  });

  it.each(PLANTED.map((planted) => [planted.rule, planted] as const))(
    'stop what breaks %s, and name it',
    (rule, { file }) => {
      expect(found.find((one) => one.file === file)?.rules).toEqual([rule]);
    },
  );

  it('let everything else pass', () => {
    const guilty = [...PLANTED.map(({ file }) => file), 'src/platform/other.ts'];
    expect(found.map(({ file }) => file).filter((file) => !guilty.includes(file))).toEqual([]);
  });

  it('stand around every folder of src', async () => {
    const folders = (await readdir(path.join(checkout, 'src'), { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    const rules = JSON.stringify(config.forbidden);
    const unknown = folders
      .map(({ name }) => name)
      .filter((name) => !new RegExp(`[/(|]${name}[)|/]`).test(rules));
    expect(unknown).toEqual([]);
  });
});
