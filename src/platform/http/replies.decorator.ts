import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

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
    ApiResponse({ status: '4XX', description: 'Refused: a problem (RFC 9457) says why and what to do.' }),
  );
