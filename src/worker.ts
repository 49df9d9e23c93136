import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { parseConfiguration } from './platform/config/configuration.js';
import { environment } from './platform/config/environment.js';
import { DatabaseFitness } from './platform/database/database-fitness.js';
import { Deliveries } from './platform/events/deliveries.js';
import { Relay } from './platform/events/relay.js';
import { Log, setLogLevel } from './platform/logging/log.js';
import { begin } from './platform/operations/begin.js';
import { OperationsServer } from './platform/operations/operations-server.js';
import { shutDownOnSignal } from './platform/operations/shutdown.js';
import { Sweeps } from './platform/schedules/sweeps.js';
import { WorkerModule } from './platform/worker.module.js';

/** The process that passes events on, reacts to them, and sweeps. */
const start = async (): Promise<void> => {
  const configuration = parseConfiguration('control-plane', environment);
  setLogLevel(configuration.LOG_LEVEL);
  const house = AppModule.with(configuration, WorkerModule);
  const application = await NestFactory.createApplicationContext(house, {
    logger: new Log('Application'),
    abortOnError: false,
  });
  const [relay, deliveries, sweeps] = [
    application.get(Relay),
    application.get(Deliveries),
    application.get(Sweeps),
  ];
  const operations = new OperationsServer(() => application.get(DatabaseFitness).readiness());
  await operations.listen(configuration.OPERATIONS_HOST, configuration.OPERATIONS_PORT);
  await relay.start();
  deliveries.start();
  sweeps.start();
  shutDownOnSignal(
    () => operations.drain(),
    () => relay.loop.stop(),
    () => sweeps.stop(),
    () => deliveries.stop(),
    () => application.close(),
    () => operations.close(),
  );
  new Log('Worker').log('Working');
};

await begin('Worker', start);
