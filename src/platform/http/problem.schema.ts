import { z } from 'zod';

/** RFC 9457. `code` is ours and stable; `fields` names what is wrong with the input. */
export const Problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.string(),
  detail: z.string(),
  fields: z
    .array(z.object({ path: z.string(), say: z.string() }))
    .readonly()
    .exactOptional(),
});
export type Problem = z.infer<typeof Problem>;

/** Where the description of the API keeps the schema. */
export const PROBLEM_REFERENCE = '#/components/schemas/Problem';
