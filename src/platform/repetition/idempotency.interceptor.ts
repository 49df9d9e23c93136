import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Answers } from './answers.js';
import { refuse } from '../http/http.errors.js';
import { OUTSIDE_TRANSACTION } from './outside-transaction.decorator.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A write that carries an Idempotency-Key happens once: the effect and the answer are stored in one transaction, and
 * a repetition within 24 hours gets that answer again. A refusal is not stored, so it may be tried again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly answers: Answers,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const key = request.headers['idempotency-key'];
    const exempt = this.reflector.get<boolean>(OUTSIDE_TRANSACTION, context.getHandler());
    if (key === undefined || !WRITES.has(request.method) || exempt) return next.handle();
    if (typeof key !== 'string' || !/^[\w.-]{1,128}$/.test(key)) throw refuse.badKey();
    const response = context.switchToHttp().getResponse<Response>();
    return from(
      this.answers.once(
        key,
        digestOf(request),
        async () => lastValueFrom(next.handle(), { defaultValue: undefined }),
        {
          replayed: () => response.setHeader('idempotency-replayed', 'true'),
        },
      ),
    );
  }
}

const digestOf = (request: Request): string =>
  createHash('sha256')
    .update(JSON.stringify([request.method, request.originalUrl, request.body ?? null]))
    .digest('hex');
