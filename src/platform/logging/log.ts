import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { findScope, type Scope } from '../tenancy/scope.js';
import { currentRequestId } from './request-id.js';

const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];
/** Names, in whatever case, under which a secret may come along; what stands there is never written. */
const SECRETS = [
  'password passwordHash password_hash appPassword token key apiKey secret digest authorization cookie set-cookie',
  'privateKey private_key sealed sealed_answer parameters body',
  'SECRET_KEY DATABASE_URL FEED_DATABASE_URL REDIS_URL',
].flatMap((names) => names.split(' '));
/** What a database's error says of the row it failed on. */
const ROW_WORDS = ['parameters', 'detail', 'where', 'hint', 'internalQuery', 'driverError'];
/** Class 22 of SQLSTATE: the message repeats the value that did not fit. */
const REPEATS_VALUE = /^22/;

let enabled: LogLevel[] = ['fatal', 'error', 'warn', 'log'];

/**
 * One JSON line per entry, errors on standard error, with the ids of the request, reseller and tenant at work. Facts go
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
      ...(scope && idsOfScope(scope)),
    };
  }

  protected override serializeError(...given: Parameters<ConsoleLogger['serializeError']>) {
    const told = super.serializeError(...given);
    if (!('code' in told && 'severity' in told)) return told;
    const kept = Object.entries(told).filter(([name]) => !ROW_WORDS.includes(name));
    return Object.fromEntries(
      REPEATS_VALUE.test(String(told['code']))
        ? kept.map(([name, said]) => [name, withoutValues(said)])
        : kept,
    );
  }
}

const withoutValues = (said: unknown): unknown =>
  typeof said === 'string' ? said.replaceAll(/"[^"]*"/g, '"…"') : said;

/** The ids of a scope as the log names them. */
export const idsOfScope = (scope: Scope): { resellerId?: string; tenantId?: string } => ({
  ...(scope.kind !== 'operator' && { resellerId: scope.resellerId }),
  ...(scope.kind === 'tenant' && { tenantId: scope.tenantId }),
});

/** Applies to every Log of the process: this level and all graver ones are written. */
export const setLogLevel = (level: LogLevel): void => {
  enabled = LEVELS.slice(0, LEVELS.indexOf(level) + 1);
};
