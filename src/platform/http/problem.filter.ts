import { ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { isDatabaseAway } from '../database/database-away.js';
import { Log } from '../logging/log.js';
import type { Problem } from './problem.schema.js';
import { Refusal } from './refusal.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not permitted',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  421: 'Misdirected request',
  422: 'Cannot be done',
  429: 'Too many requests',
  503: 'Not available now',
};

const RETRY_AFTER_SECONDS = 5;

/** Turns every thrown thing into a problem. Faults say nothing of themselves to the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Log('Problems');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const problem = describe(thrown);
    if (problem.status >= 500) this.log.error('A request failed', thrown);
    else if (thrown instanceof Refusal)
      this.log.debug(thrown.message, { code: thrown.code, ...thrown.facts });
    sendProblem(host.switchToHttp().getResponse<Response>(), problem);
  }
}

const sendProblem = (response: Response, problem: Problem): void => {
  if (response.headersSent) return;
  if (problem.status === 503) response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
};

export const describe = (thrown: unknown): Problem => {
  if (thrown instanceof Refusal) return problem(thrown.status, thrown.code, thrown.message);
  if (thrown instanceof InvalidInput)
    return { ...problem(400, 'request.invalid', 'Some of the values are not valid.'), fields: thrown.fields };
  if (thrown instanceof HttpException && thrown.getStatus() < 500) return foreign(thrown.getStatus());
  const status = statusOf(thrown);
  if (status !== null) return foreign(status);
  if (isDatabaseAway(thrown))
    return problem(503, 'request.unavailable', 'We cannot do this right now. Please try again in a moment.');
  return problem(500, 'request.failed', 'Something went wrong on our side. Please try again in a moment.');
};

/** Input that a schema refused. */
export class InvalidInput extends Error {
  constructor(readonly fields: readonly { readonly path: string; readonly say: string }[]) {
    super('invalid input');
  }
}

/** Express' body parser marks its refusals with a status of its own. */
const statusOf = (thrown: unknown): number | null => {
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
};

const foreign = (status: number): Problem => {
  if (status === 404) return problem(404, 'request.not-found', 'There is nothing here under that id.');
  if (status === 413) return problem(413, 'request.too-large', 'That is more than one request may carry.');
  return problem(status, 'request.refused', 'The request could not be read. Check its format and try again.');
};

const problem = (status: number, code: string, detail: string): Problem => ({
  type: 'about:blank',
  title: TITLES[status] ?? (status >= 500 ? 'Something went wrong' : 'Refused'),
  status,
  code,
  detail,
});
