import { applyDecorators, Header, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { PROBLEM_REFERENCE } from './problem.schema.js';

/** A problem, in the description of every route: what the filter makes of a refusal, and of a fault. */
const Problems = (): MethodDecorator => {
  const content = { 'application/problem+json': { schema: { $ref: PROBLEM_REFERENCE } } };
  return applyDecorators(
    ApiResponse({ status: '4XX', description: 'Refused: says why and what to do.', content }),
    ApiResponse({ status: '5XX', description: 'Failed on our side: may be tried again.', content }),
  );
};

/**
 * The status and shape of an answer: what the schema does not name is taken out of the reply, and the same schema
 * stands in the API description.
 */
export const Replies = (status: number, schema?: z.ZodType): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ...(schema
      ? [SerializeOptions({ schema }), ApiResponse({ status, description: 'Done.', standardSchema: schema })]
      : [ApiResponse({ status, description: 'Done.' })]),
    Problems(),
  );

/** An answer for people and programs that read lines of text. */
export const RepliesText = (description: string): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    Header('content-type', 'text/plain; charset=utf-8'),
    ApiResponse({ status: 200, description, content: { 'text/plain': { schema: { type: 'string' } } } }),
    Problems(),
  );
