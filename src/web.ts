import 'reflect-metadata';
import { ApiDocs } from './api-docs/api-docs.js';
import { ApiDocsModule } from './api-docs/api-docs.module.js';
import { describeApi } from './api-docs/describe-api.js';
import { AppModule } from './app.module.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { environment } from './platform/config/environment.js';
import { DatabaseFitness } from './platform/database/database-fitness.js';
import { createHttpApplication } from './platform/http/http-application.js';
import { Log, setLogLevel } from './platform/logging/log.js';
import { begin } from './platform/operations/begin.js';
import { OperationsServer } from './platform/operations/operations-server.js';
import { shutDownOnSignal } from './platform/operations/shutdown.js';

/** The process that customers and programs talk to. */
const start = async (): Promise<void> => {
  const configuration = parseConfiguration('control-plane', environment);
  setLogLevel(configuration.LOG_LEVEL);
  const house = AppModule.with(configuration, ApiDocsModule);
  const application = await createHttpApplication(house, configuration);
  await application.init();
  application.get(ApiDocs).document = describeApi(application);
  const operations = new OperationsServer(() => application.get(DatabaseFitness).schemaReadiness());
  await operations.listen(configuration.OPERATIONS_HOST, configuration.OPERATIONS_PORT);
  await application.listen(configuration.WEB_PORT, configuration.WEB_HOST);
  shutDownOnSignal(
    () => operations.drain(),
    () => application.close(),
    () => operations.close(),
  );
  new Log('Web').log('Listening', { port: configuration.WEB_PORT });
};

await begin('Web', start);
