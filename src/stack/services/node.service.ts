import path from 'node:path';
import { httpProbe } from './probes.js';
import type { ServiceSpec } from './service-spec.js';

export interface NodeProcess {
  /** `web`, `worker`, `agent` or `policy`: the entry `dist/src/<name>.js`. */
  readonly name: string;
  readonly checkout: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 2xx once the process may be used. */
  readonly readinessUrl: string;
}

const STOP_TIMEOUT_MS = 15_000;

/** One of our own processes, run from the build. */
export function nodeService(wished: NodeProcess): ServiceSpec {
  return {
    name: wished.name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(wished.checkout, 'dist', 'src', `${wished.name}.js`)],
    workingFolder: wished.checkout,
    environment: wished.environment,
    stopTarget: 'leader',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    readyProbe: httpProbe(wished.readinessUrl),
  };
}
