import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { findScope } from '../tenancy/scope.js';
import { currentRequestId } from './request-id.js';

const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];
const SECRETS = [
  'password',
  'passwordHash',
  'token',
  'secret',
  'authorization',
  'cookie',
  'privateKey',
  'digest',
];

let enabled: LogLevel[] = ['fatal', 'error', 'warn', 'log'];

/**
 * One JSON line per entry on standard output, with the ids of the request, reseller and tenant at work. Facts go
 * into a last object argument: `log.log('Relayed', { events: 3 })`. Never message text, and no secret by another
 * name than the ones masked here.
 */
export class Log extends ConsoleLogger {
  constructor(context: string) {
    super(context, { json: true, colors: false, flattenParams: true, redact: SECRETS });
  }

  override isLevelEnabled(level: LogLevel): boolean {
    return enabled.includes(level);
  }

  protected override getJsonLogObject(
    ...given: Parameters<ConsoleLogger['getJsonLogObject']>
  ): ReturnType<ConsoleLogger['getJsonLogObject']> {
    const scope = findScope();
    const requestId = currentRequestId();
    return {
      ...super.getJsonLogObject(...given),
      ...(requestId !== undefined && { requestId }),
      ...(scope && scope.kind !== 'operator' && { resellerId: scope.resellerId }),
      ...(scope?.kind === 'tenant' && { tenantId: scope.tenantId }),
    };
  }
}

/** Applies to every Log of the process: this level and all graver ones are written. */
export const setLogLevel = (level: LogLevel): void => {
  enabled = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
};
