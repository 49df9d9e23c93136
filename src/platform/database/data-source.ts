import { DataSource, getMetadataArgsStorage } from 'typeorm';
import type { ControlPlaneConfiguration } from '../config/configuration.js';

/**
 * The pool of connections as role livery_app, which has no right on any table: rows are reached in a scope, through
 * TenantDb, and nowhere else. Knows every entity that the process has imported.
 */
export const createDataSource = (configuration: ControlPlaneConfiguration): DataSource =>
  new DataSource({
    type: 'postgres',
    url: configuration.DATABASE_URL,
    entities: getMetadataArgsStorage().tables.map((table) => table.target),
    synchronize: false,
    migrationsRun: false,
    logging: false,
    poolSize: configuration.DATABASE_CONNECTIONS,
    applicationName: 'livery',
    extra: {
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
    },
  });
