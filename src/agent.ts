import { AgentProcess } from './agent/agent-process.js';
import { readEngineSettings } from './agent/engine/engine-settings.js';
import { prepareNode } from './agent/prepare.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { environment } from './platform/config/environment.js';
import { Log, setLogLevel } from './platform/logging/log.js';
import { OperationsServer } from './platform/operations/operations-server.js';
import { shutDownOnSignal } from './platform/operations/shutdown.js';

/** `agent prepare` makes a node ready to start its daemons; without a verb the agent runs beside them. */
const main = async (verb: string | undefined): Promise<void> => {
  const configuration = parseConfiguration('agent', environment);
  setLogLevel(configuration.LOG_LEVEL);
  const settings = readEngineSettings(configuration.ENGINE_SETTINGS_FILE);
  if (verb === 'prepare') {
    await prepareNode(settings, configuration.FEED_DATABASE_URL);
    // Not a plain return: leaving the last turn of the loop would close the directory files, see DirectoryFile.
    process.exit(0);
  }
  if (verb !== undefined) throw new Error(`The agent knows the verb "prepare", not "${verb}".`);
  const agent = new AgentProcess(settings, configuration);
  const operations = new OperationsServer(() => agent.isReady());
  await operations.listen(configuration.OPERATIONS_HOST, configuration.OPERATIONS_PORT);
  await agent.start();
  shutDownOnSignal(
    () => operations.drain(),
    () => agent.stop(),
    () => operations.close(),
  );
};

main(process.argv[2]).catch((fault: unknown) => {
  new Log('Agent').fatal('The agent could not start', fault);
  process.exit(1);
});
