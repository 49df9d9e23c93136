import { z } from 'zod';
import { page } from '../platform/http/paging.js';

const AppPasswordScope = z.enum(['imap', 'pop3', 'smtp', 'sieve']);
export type AppPasswordScope = z.infer<typeof AppPasswordScope>;

export const CreateAppPassword = z.strictObject({
  /** What it is for, in the owner's words: "Mail on my phone". */
  name: z.string().trim().min(1).max(80),
  scopes: z
    .array(AppPasswordScope)
    .min(1)
    .refine((named) => new Set(named).size === named.length, 'Name each service once.'),
});
export type CreateAppPassword = z.infer<typeof CreateAppPassword>;

export const AppPasswordView = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(AppPasswordScope),
  createdAt: z.iso.datetime(),
});
export type AppPasswordView = z.infer<typeof AppPasswordView>;

export const NewAppPasswordView = AppPasswordView.extend({
  /** Shown once. Typed without gaps, just as it stands here. */
  password: z.string(),
  /** The same, to be set apart by layout for reading aloud. */
  groups: z.array(z.string()),
});
export type NewAppPasswordView = z.infer<typeof NewAppPasswordView>;

export const AppPasswordPage = page(AppPasswordView);
