/*
 * A supervisor in a process of its own, for the drill to kill: brings up a whole house from the build and waits.
 *   node supervisor.mjs <dataDir> <portBase> <sandboxAddress>
 */
import { houseSteps } from '../../dist/src/stack/house/house-steps.js';
import { LocalStack } from '../../dist/src/stack/stack.js';
import { groundSteps } from '../../dist/src/stack/steps.js';

const [dataDir = '', portBase = '', sandboxAddress = ''] = process.argv.slice(2);
const stack = LocalStack.plan({
  dataDir,
  portBase: Number(portBase),
  sandboxAddress,
  profile: 'test',
  steps: [...groundSteps, ...houseSteps],
});
await stack.start();
process.stdout.write('ready\n');
