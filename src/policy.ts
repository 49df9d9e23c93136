import { readEngineSettings } from './agent/engine/engine-settings.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { environment } from './platform/config/environment.js';
import { Log, setLogLevel } from './platform/logging/log.js';
import { OperationsServer } from './platform/operations/operations-server.js';
import { shutDownOnSignal } from './platform/operations/shutdown.js';
import { PolicyProcess } from './policy/policy-process.js';

const main = async (): Promise<void> => {
  const configuration = parseConfiguration('policy', environment);
  setLogLevel(configuration.LOG_LEVEL);
  const policy = new PolicyProcess(
    readEngineSettings(configuration.ENGINE_SETTINGS_FILE),
    configuration.REDIS_URL,
  );
  const operations = new OperationsServer(() => policy.isReady());
  await operations.listen(configuration.OPERATIONS_HOST, configuration.OPERATIONS_PORT);
  await policy.start();
  shutDownOnSignal(
    () => operations.drain(),
    () => policy.stop(),
    () => operations.close(),
  );
};

main().catch((fault: unknown) => {
  new Log('Policy').fatal('The policy service could not start', fault);
  process.exit(1);
});
