/*
 * npm test: the whole guard of main, in order of what fails fastest. Run `npm test -- TIER …` for some tiers only
 * (check, unit, contracts, rooms, directory, stack, house), and `npm test -- TIER -- FILE` for one file of a tier.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIERS = ['unit', 'contracts', 'rooms', 'directory', 'stack', 'house'];
/** Only when asked for by name. */
const LONG = 'long';
const wished = process.argv.slice(2);
const files = wished.includes('--') ? wished.slice(wished.indexOf('--') + 1) : [];
const named = wished.includes('--') ? wished.slice(0, wished.indexOf('--')) : wished;
const unknown = named.filter((name) => !['check', LONG, ...TIERS].includes(name));
if (unknown.length > 0) {
  console.error(`There is no tier ${unknown.join(', ')}. There are: check, ${TIERS.join(', ')}.`);
  process.exit(1);
}
const isWanted = (name) => (named.length === 0 ? name !== LONG : named.includes(name));
const scratch = mkdtempSync(join(tmpdir(), 'test-report-'));
let passed = 0;
let failed = 0;

const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;

const step = (name, work) => {
  const startedAt = performance.now();
  work();
  console.log(`── ${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
};

const count = (isGood) => (isGood ? (passed += 1) : (failed += 1));

const runTier = (name) => {
  const report = join(scratch, `${name}.json`);
  const config = ['--config', 'test/vitest.config.ts', '--project', name];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...config, '--reporter=default', '--reporter=json'];
  const isGreen = run(process.execPath, [...args, `--outputFile.json=${report}`, ...files]);
  const counts = readCounts(report);
  passed += counts.passed;
  failed += counts.failed;
  // A suite that cannot even be loaded fails no test of its own, and a tier that ran none proves nothing.
  if ((!isGreen && counts.failed === 0) || counts.passed + counts.failed === 0) failed += 1;
};

const readCounts = (report) => {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
};

if ([...TIERS.slice(2), LONG].some(isWanted))
  step('machine', () => count(run(process.execPath, ['dist/src/stack/machine/ready-for-tests.js'])));
if (isWanted('check')) step('check', () => count(run('npm', ['run', '--silent', 'check'])));
for (const tier of [...TIERS, LONG].filter(isWanted)) step(tier, () => runTier(tier));
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
