import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** SQLSTATE: class 08, shut down, crashed, starting, and out of connections; and what sockets say. */
const CODES = /^(?:08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** The driver gives these no code. */
const WORDS =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a con)/;

/** Whether a request failed only because the database cannot be reached now: tried again later it may succeed. */
export const isDatabaseAway = (thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  // The connection was lost between two queries of a transaction, and taken out of the pool.
  if (thrown instanceof QueryRunnerAlreadyReleasedError) return true;
  if (thrown instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  const fault = 'driverError' in thrown && thrown.driverError instanceof Error ? thrown.driverError : thrown;
  if ('code' in fault && typeof fault.code === 'string') return CODES.test(fault.code);
  return WORDS.test(fault.message);
};
