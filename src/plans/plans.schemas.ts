import { z } from 'zod';
import { page } from '../platform/http/paging.js';

const LARGEST_COUNT = 1_000_000;

const Protocol = z.enum(['imap', 'pop3', 'smtp', 'sieve']);
export type Protocol = z.infer<typeof Protocol>;

/** What one seat of the plan gets. */
export const PlanContent = z.strictObject({
  quotaBytes: z.int().min(1),
  aliasesPerMailbox: z.int().min(0).max(LARGEST_COUNT),
  hourlyMessages: z.int().min(1).max(LARGEST_COUNT),
  protocols: z
    .array(Protocol)
    .min(1)
    .max(Protocol.options.length)
    .refine((named) => new Set(named).size === named.length, 'Name each protocol once.'),
});
export type PlanContent = z.infer<typeof PlanContent>;

export const CreatePlan = PlanContent.extend({ name: z.string().trim().min(1).max(80) });
export type CreatePlan = z.infer<typeof CreatePlan>;

export const PlanVersionView = z.object({
  id: z.uuid(),
  planId: z.uuid(),
  number: z.int(),
  quotaBytes: z.int(),
  aliasesPerMailbox: z.int(),
  hourlyMessages: z.int(),
  protocols: z.array(Protocol),
  createdAt: z.iso.datetime(),
});
export type PlanVersionView = z.infer<typeof PlanVersionView>;

export const PlanView = z.object({
  id: z.uuid(),
  name: z.string(),
  current: PlanVersionView,
  createdAt: z.iso.datetime(),
});
export type PlanView = z.infer<typeof PlanView>;

export const PlanPage = page(PlanView);
