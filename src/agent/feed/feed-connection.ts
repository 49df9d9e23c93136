import { Client } from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 60_000;

/**
 * A connection of its own, as role livery_feed. A server that hangs is given up after the time limits, so that the
 * next attempt may find one that answers.
 */
export const connectFeed = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    application_name: 'agent',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // Whoever holds it hears the next query fail; without a listener the process would end.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
