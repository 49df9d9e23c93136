import { StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { InvalidInput } from './problem.filter.js';
import { refuse } from './http.errors.js';
import { sayPlainly } from './plain-words.js';

// A sentence that a schema gives itself goes before these.
z.config({ customError: sayPlainly });

/** Checks each parameter against the schema its decorator names, and hands on what the schema made of it. */
export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new InvalidInput(
      issues.slice(0, 50).map((issue) => ({
        path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        say: issue.message,
      })),
    ),
});

/** An id in a path. A malformed one is answered like one that names nothing. */
export const Id = {
  transform: (value: unknown): string => {
    const parsed = z.uuid().safeParse(value);
    if (!parsed.success) throw refuse.notFound();
    return parsed.data.toLowerCase();
  },
};
