import { tmpdir } from 'node:os';
import { readyMachine } from './ready-machine.js';
import { Narrator } from '../narrator.js';

/** Run before the suites: installs what they need beyond what a start needs, such as other people's mail programs. */
const narrator = new Narrator((text) => process.stdout.write(text));
const problems = await readyMachine({ dataDir: tmpdir(), listeners: [], purpose: 'test' }, narrator);
for (const problem of problems) narrator.say(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
