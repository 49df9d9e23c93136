import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { describe, expect, it } from 'vitest';
import { isDatabaseAway } from './database-away.js';

const coded = (code: string): Error => Object.assign(new Error('fault'), { code });
const failedQuery = (fault: Error): Error => new QueryFailedError('select 1', [], fault);

describe('telling a database that is away from a fault of ours', () => {
  it.each([
    ['refuses connections', coded('ECONNREFUSED')],
    ['hung up', coded('ECONNRESET')],
    ['was shut down under a query', failedQuery(coded('57P01'))],
    ['crashed', failedQuery(coded('57P02'))],
    ['is starting', coded('57P03')],
    ['has no connection left', coded('53300')],
    ['broke the connection off', failedQuery(coded('08006'))],
    ['hung up under a query', failedQuery(new Error('Connection terminated unexpectedly'))],
    ['was lost between two queries of one transaction', new QueryRunnerAlreadyReleasedError()],
    ['was lost before the next query of it began', new QueryRunnerProviderAlreadyReleasedError()],
    ['does not answer in time', new Error('timeout exceeded when trying to connect')],
    [
      'is behind a broken connection',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
  ])('says away when it %s', (_what, fault) => expect(isDatabaseAway(fault)).toBe(true));

  it.each([
    ['a broken rule', failedQuery(coded('23505'))],
    ['a statement of ours that took too long', failedQuery(coded('57014'))],
    ['a missing column', failedQuery(coded('42703'))],
    ['a programming fault', new TypeError('undefined is not a function')],
    ['a thrown word', 'ECONNREFUSED'],
  ])('does not excuse %s', (_what, fault) => expect(isDatabaseAway(fault)).toBe(false));
});
