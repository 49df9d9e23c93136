import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { Histogram } from 'prom-client';
import { idsOfScope, Log } from '../logging/log.js';
import { withRequestId } from '../logging/request-id.js';
import { metrics } from '../operations/operations-server.js';
import type { Scope } from '../tenancy/scope.js';

/** The route of a request that was answered before, or without, finding one. */
const UNROUTED = 'unrouted';
/** Of a request whose caller left before the answer; nobody was sent it. As nginx counts it. */
const ABANDONED = 499;

const log = new Log('Requests');

const duration = new Histogram({
  name: 'livery_http_request_duration_seconds',
  help: 'Time from the first byte of a request to the last of its answer.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

/**
 * Stands before everything else, so that it sees also what is refused at the edge, cannot be parsed or is not found.
 * Gives each request its id, and writes one line and one measurement when it is over. Both name the route's pattern:
 * a path holds ids, and a query may hold anything.
 */
export const watchRequests = (request: Request, response: Response, next: NextFunction): void => {
  const startedAt = performance.now();
  const requestId = randomUUID();
  response.setHeader('x-request-id', requestId);
  response.setHeader('cache-control', 'private, no-store');
  response.once('close', () =>
    withRequestId(requestId, () => record(request, response, performance.now() - startedAt)),
  );
  withRequestId(requestId, next);
};

/** Lets the line of the request say whose it was. */
export const noteScope = (response: Response, scope: Scope): void => {
  response.locals['scope'] = scope;
};

const record = (request: Request, response: Response, durationMs: number): void => {
  const status = response.writableFinished ? response.statusCode : ABANDONED;
  const route = patternOf(request);
  const { method } = request;
  duration.observe({ method, route, status }, durationMs / 1_000);
  const scope = response.locals['scope'] as Scope | undefined;
  log.log('Answered', {
    method,
    route,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(scope && idsOfScope(scope)),
  });
};

/** Express leaves the route that took the request on it. */
const patternOf = (request: Request): string => {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : UNROUTED;
};
