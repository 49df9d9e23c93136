import { Log } from '../logging/log.js';

const LIMIT_MS = 25_000;

/**
 * Runs the steps in order on SIGTERM or SIGINT, then leaves. A step that fails is logged and does not keep the
 * others from running; when the whole takes too long the process leaves anyway.
 */
export const shutDownOnSignal = (...steps: readonly (() => Promise<void> | void)[]): void => {
  const log = new Log('Shutdown');
  let leaving = false;
  const leave = async (): Promise<void> => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(1), LIMIT_MS).unref();
    for (const step of steps) {
      try {
        await step();
      } catch (fault) {
        log.error('A step of the shutdown failed', fault);
      }
    }
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave());
};
