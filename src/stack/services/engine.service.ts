import type { EngineProcess } from '#libs/engine-config';
import { tcpProbe, unixProbe } from './probes.js';
import type { ServiceSpec } from './service-spec.js';

/** Rspamd compiles its rules at the very first start: 18 s were seen. */
const READY_TIMEOUT_MS = 60_000;

/** A daemon of the mail engine. Each ends its own children when it is told to stop. */
export function engineService({ name, command, args, readyProbe }: EngineProcess): ServiceSpec {
  return {
    name,
    command,
    args,
    stopTarget: 'leader',
    readyProbe:
      readyProbe.kind === 'tcp'
        ? tcpProbe(readyProbe.port, { host: readyProbe.host })
        : unixProbe(readyProbe.path),
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}
