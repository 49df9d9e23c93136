import { QueryFailedError } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enterScope, PLATFORM } from '../tenancy/scope.js';
import { Log, setLogLevel } from './log.js';
import { withRequestId } from './request-id.js';

const CANARY = 'canary-3f90';
const log = new Log('Suite');
let output = '';

const lines = (): Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeEach(() => {
  output = '';
  const write = (text: string | Uint8Array): boolean => {
    output += text.toString();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});
afterEach(() => {
  vi.restoreAllMocks();
  setLogLevel('log');
});

/** As the driver throws, and TypeORM wraps it. */
const rowFault = (said: object, message = 'refused'): QueryFailedError =>
  new QueryFailedError(
    'update person set password_hash = $1',
    [CANARY],
    Object.assign(new Error(message), { severity: 'ERROR', code: '23505', ...said }),
  );

describe('a line of the log', () => {
  it('carries the ids of the request, the reseller and the tenant at work', () => {
    const scope = { kind: 'tenant', resellerId: 'fjord', tenantId: 'bakery' } as const;
    withRequestId('r-1', () =>
      enterScope(scope, { actor: PLATFORM, cause: 'test' }, () => log.log('Opened', { seats: 3 })),
    );
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'log',
        context: 'Suite',
        message: 'Opened',
        requestId: 'r-1',
        resellerId: 'fjord',
        tenantId: 'bakery',
        seats: 3,
      }),
    ]);
  });

  it('carries no id where there is none', () => {
    log.log('Started');
    enterScope({ kind: 'operator' }, { actor: PLATFORM, cause: 'test' }, () => log.log('Swept'));
    for (const line of lines())
      for (const id of ['requestId', 'resellerId', 'tenantId']) expect(line).not.toHaveProperty(id);
  });

  it('is not written below the level that was set', () => {
    setLogLevel('warn');
    log.log('quiet');
    log.debug('quiet');
    log.warn('loud');
    expect(lines().map((line) => line['message'])).toEqual(['loud']);
  });
});

describe('a secret', () => {
  it.each(
    [
      'password PASSWORD passwordHash password_hash appPassword token key apiKey secret digest authorization',
      'Authorization cookie set-cookie privateKey sealed parameters body SECRET_KEY DATABASE_URL REDIS_URL',
    ].flatMap((names) => names.split(' ')),
  )('called %s is masked at any depth, in facts and in errors', (name) => {
    log.log('Told', { [name]: CANARY, deep: [{ [name]: { inner: CANARY } }] });
    log.warn('Told', { [name]: CANARY });
    log.error('Failed', Object.assign(new Error('outer'), { [name]: CANARY }));
    log.error('Failed', new Error('outer', { cause: Object.assign(new Error('inner'), { [name]: CANARY }) }));
    expect(lines()).toHaveLength(4);
    expect(output).not.toContain(CANARY);
  });

  it('among the parameters of a statement stays out, and the statement stays in', () => {
    log.error('A request failed', rowFault({}));
    expect(output).not.toContain(CANARY);
    expect(lines()[0]).toMatchObject({
      error: { code: '23505', query: 'update person set password_hash = $1' },
    });
  });

  it('in a row that the database complains of stays out, and what names the rule stays in', () => {
    const said = {
      detail: `Key (password_hash)=(${CANARY}) already exists.`,
      where: `COPY person, line 1: "${CANARY}"`,
      hint: CANARY,
      internalQuery: `select '${CANARY}'`,
      constraint: 'person_once',
    };
    log.error('A request failed', rowFault(said));
    log.error('A delivery failed', new Error('wrapped', { cause: rowFault(said) }));
    log.error('Several failed', new AggregateError([rowFault(said)], 'several'));
    expect(lines()).toHaveLength(3);
    expect(output).not.toContain(CANARY);
    expect(output.match(/person_once/g)).toHaveLength(3);
  });

  it('that the database repeats because it did not fit a column stays out of message and stack', () => {
    const message = `invalid input syntax for type uuid: "${CANARY}"`;
    log.error('A request failed', rowFault({ code: '22P02' }, message));
    expect(output).not.toContain(CANARY);
    expect(lines()[0]).toMatchObject({ error: { message: 'invalid input syntax for type uuid: "…"' } });
  });
});
