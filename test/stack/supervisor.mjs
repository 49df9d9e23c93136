/*
 * A supervisor of its own process, for the test to kill: starts the ground of a stack from the build and waits.
 *   node supervisor.mjs <dataDir> <portBase> <sandboxAddress>
 */
import { LocalStack } from '../../dist/src/stack/stack.js';
import { groundSteps } from '../../dist/src/stack/steps.js';

const [dataDir = '', portBase = '', sandboxAddress = ''] = process.argv.slice(2);
const stack = LocalStack.plan({
  dataDir,
  portBase: Number(portBase),
  sandboxAddress,
  profile: 'test',
  steps: groundSteps,
});
await stack.start();
process.stdout.write('ready\n');
