import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.js';
import { createRoles, prepareDatabase, type RolePasswords } from '../../../migrations/support/roles.js';

/** Connected as role livery_owner. Call `destroy` when done. */
export const ownerSource = (ownerUrl: string): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
  }).initialize();

/** Brings the tables up to date; answers the names of the migrations that ran. */
export const migrate = async (ownerUrl: string): Promise<string[]> => {
  const source = await ownerSource(ownerUrl);
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
};

/**
 * Makes the roles and the empty database, as a database administrator. Safe to repeat: passwords are set again, the
 * database is left as it is. `adminUrl` points to any database of the server.
 */
export const prepareServer = async (
  adminUrl: string,
  database: string,
  passwords: RolePasswords,
): Promise<void> => {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(database)) throw new Error(`Not a name for a database: ${database}`);
  await withClient(adminUrl, async (client) => {
    await client.query(createRoles(passwords));
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${database} owner livery_owner`);
  });
  const inside = new URL(adminUrl);
  inside.pathname = `/${database}`;
  await withClient(inside.href, (client) => client.query(prepareDatabase));
};

const withClient = async (url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};
