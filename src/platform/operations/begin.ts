import { Log } from '../logging/log.js';

/** Runs a process' start. When it fails the process says why, in one entry of its log, and leaves with code 1. */
export const begin = async (name: string, start: () => Promise<void>): Promise<void> => {
  try {
    await start();
  } catch (fault) {
    new Log(name).fatal('Could not start', fault);
    process.exit(1);
  }
};
