import { spawn } from 'node:child_process';
import path from 'node:path';
import { environment } from '../platform/config/environment.js';
import { findKeptEnvironment } from './house/control-plane-environment.js';
import { whereaboutsFrom } from './whereabouts.js';

/** `npm run livery`: the command line, talking to the local stack unless the environment names a database. */
const { dataDir } = whereaboutsFrom(environment, process.cwd());
const local = environment['LIVERY_DATABASE_URL'] === undefined ? await findKeptEnvironment(dataDir) : null;
const program = path.join(import.meta.dirname, '..', 'cli.js');
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...local, ...environment },
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
