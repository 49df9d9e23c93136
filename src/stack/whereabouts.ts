import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** What a person may choose about where a stack lives, by environment. */
export interface Whereabouts {
  readonly dataDir: string;
  readonly portBase: number;
  readonly sandboxAddress: string;
}

const DEFAULT_PORT_BASE = 20_000;
const DEFAULT_SANDBOX_ADDRESS = '127.87.1.1';
const LOOPBACK_ADDRESS = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * `LIVERY_DATA`, `LIVERY_PORT_BASE` and `LIVERY_SANDBOX_ADDRESS`, or the demo's. The folder is named after the
 * checkout, so that two checkouts on one machine never meet. @throws a sentence for a value that cannot be used.
 */
export function whereaboutsFrom(
  environment: Readonly<Record<string, string | undefined>>,
  checkout: string,
): Whereabouts {
  const sandboxAddress = environment['LIVERY_SANDBOX_ADDRESS'] ?? DEFAULT_SANDBOX_ADDRESS;
  if (!LOOPBACK_ADDRESS.test(sandboxAddress)) {
    throw new RangeError(
      `LIVERY_SANDBOX_ADDRESS must be a loopback address such as ${DEFAULT_SANDBOX_ADDRESS}.`,
    );
  }
  const dataDir = environment['LIVERY_DATA'] ?? defaultFolder(checkout);
  if (!path.isAbsolute(dataDir)) throw new RangeError('LIVERY_DATA must be an absolute path.');
  const portBase = Number(environment['LIVERY_PORT_BASE'] ?? DEFAULT_PORT_BASE);
  return { dataDir: path.resolve(dataDir), portBase, sandboxAddress };
}

function defaultFolder(checkout: string): string {
  const mark = createHash('sha256').update(realpathSync(checkout)).digest('hex').slice(0, 8);
  return path.join('/var/lib/livery', mark);
}
