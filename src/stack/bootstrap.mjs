/*
 * The one file that runs before anything is installed, so it is plain JavaScript and imports nothing but Node.
 * It brings the checkout into a state that can run (Node's version, packages, build), then hands over.
 *
 *   node src/stack/bootstrap.mjs start | livery … | test …
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants, tmpdir } from 'node:os';
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const inCheckout = (...names) => path.join(checkout, ...names);

/** What each verb runs once everything is built. */
const verbs = {
  start: ['dist/src/stack/main.js'],
  livery: ['dist/src/stack/livery.js'],
  test: ['test/run.mjs'],
};

const [verb = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(verbs, verb)) end(`Say one of: ${Object.keys(verbs).join(', ')}.`);

requireNode();
try {
  withLock(() => {
    ensurePackages();
    ensureBuild();
  });
} catch (error) {
  if (error.isTold !== true) throw error;
  end(error.message);
}
handOver([...verbs[verb], ...rest]);

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  end(
    `This needs Node ${OLDEST_NODE.join('.')} or later, and this is ${process.versions.node}: install a newer Node.`,
  );
}

/** Two commands at once would install and build into each other's way; the second waits for the first. */
function withLock(work) {
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 16);
  const lock = path.join(tmpdir(), `livery-build-${name}.lock`);
  for (let told = false; !takeLock(lock); sleep(200)) {
    if (!told) say('waiting for another command that builds this checkout …');
    told = true;
  }
  try {
    work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAlive(Number(fs.readFileSync(lock, 'utf8') || process.pid))) fs.rmSync(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ensurePackages() {
  const installed = modified(inCheckout('node_modules', '.package-lock.json'));
  if (installed >= modified(inCheckout('package-lock.json')) && installed > 0) return;
  ensureCompiler();
  timed('installing npm packages', () => run('npm', ['ci', '--no-audit', '--no-fund'], npmEnvironment()));
}

/** The SQLite binding is compiled on this machine, with the headers that came with Node where there are some. */
function ensureCompiler() {
  const needed = { 'g++': 'build-essential', make: 'build-essential', python3: 'python3' };
  const packages = [
    ...new Set(
      Object.keys(needed)
        .filter((each) => !onPath(each))
        .map((each) => needed[each]),
    ),
  ];
  if (packages.length === 0) return;
  const command = ['install', '-y', '--no-install-recommends', ...packages];
  if (process.getuid() !== 0 || !onPath('apt-get')) {
    fail(`A compiler is needed for the SQLite binding. Run as root: apt-get ${command.join(' ')}`);
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  timed(`installing ${packages.join(', ')}`, () => {
    if (tryRun('apt-get', ['-q', ...command], environment)) return;
    run('apt-get', ['-q', 'update'], environment);
    run('apt-get', ['-q', ...command], environment);
  });
}

function npmEnvironment() {
  const prefix = path.resolve(path.dirname(fs.realpathSync(process.execPath)), '..');
  const hasHeaders = fs.existsSync(path.join(prefix, 'include', 'node', 'node_version.h'));
  return hasHeaders ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}

/** Builds when a source has changed; into an empty folder when one has come or gone, so that no ghost stays. */
function ensureBuild() {
  const files = ['src', 'libs', 'migrations'].flatMap((room) => listFiles(inCheckout(room)));
  const inputs = [...files, inCheckout('tsconfig.json'), inCheckout('package-lock.json')];
  const wanted = { files: digest(files), state: digest(inputs.map((file) => [file, modified(file)])) };
  const stampFile = inCheckout('dist', '.stamp.json');
  const stamp = readJson(stampFile);
  if (stamp?.state === wanted.state) return;
  timed('building', () => {
    if (stamp?.files !== wanted.files) fs.rmSync(inCheckout('dist'), { recursive: true, force: true });
    run(process.execPath, [inCheckout('node_modules/typescript/bin/tsc'), '-p', inCheckout('tsconfig.json')]);
    copyAssets(files);
    fs.writeFileSync(stampFile, JSON.stringify(wanted));
  });
}

/** Whatever the compiler leaves alone and a program may read: templates, styles, SQL. */
function copyAssets(files) {
  for (const file of files.filter((each) => !/\.(ts|mjs|md)$/.test(each))) {
    const target = inCheckout('dist', path.relative(checkout, file));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(file, target);
  }
}

/** The child shares our terminal and its signals; those sent to us alone are passed on. Its exit code becomes ours. */
function handOver([program, ...args]) {
  const isBuilt = program.startsWith('dist/');
  if (!fs.existsSync(inCheckout(program))) end(`There is no ${program} in this checkout.`);
  // Through the channel the child learns of our death, however we die, and stops what it started.
  const stdio = ['inherit', 'inherit', 'inherit', ...(verb === 'start' ? ['ipc'] : [])];
  const flags = isBuilt ? ['--enable-source-maps'] : [];
  const child = spawn(process.execPath, [...flags, inCheckout(program), ...args], { cwd: checkout, stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => end(String(error)));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function listFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return files.filter((file) => !file.endsWith('.spec.ts')).sort();
}

/** Milliseconds; 0 when there is no such file. */
function modified(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function digest(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

function onPath(program) {
  return spawnSync('which', [program], { stdio: 'ignore' }).status === 0;
}

function tryRun(command, args, environment = process.env) {
  return spawnSync(command, args, { cwd: checkout, env: environment, stdio: 'inherit' }).status === 0;
}

function run(command, args, environment = process.env) {
  try {
    execFileSync(command, args, { cwd: checkout, env: environment, stdio: 'inherit' });
  } catch (error) {
    fail(
      `"${[path.basename(command), ...args].join(' ')}" failed (${error.status ?? error.code}); its output is above.`,
    );
  }
}

function timed(step, work) {
  const startedAt = performance.now();
  say(`${step} …`);
  work();
  say(`${step}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** For mistakes while the lock is held: thrown, so that the lock is given back. */
function fail(sentence) {
  throw Object.assign(new Error(sentence), { isTold: true });
}

function end(sentence) {
  say(sentence);
  process.exit(1);
}
