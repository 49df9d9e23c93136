import { z } from 'zod';
import { OpenTenant } from '../tenants/tenants.schemas.js';

const MOST_SEATS = 1_000_000;
const MOST_PLANS = 50;

/** How many seats of a plan the tenant has from now on, in all. */
export const GrantSeats = z.strictObject({ planId: z.uuid(), purchased: z.int().min(0).max(MOST_SEATS) });
export type GrantSeats = z.infer<typeof GrantSeats>;

export const OpenTenantWithSeats = OpenTenant.extend({
  seats: z
    .array(z.strictObject({ planId: z.uuid(), count: z.int().min(1).max(MOST_SEATS) }))
    .max(MOST_PLANS)
    .refine(
      (seats) => new Set(seats.map(({ planId }) => planId)).size === seats.length,
      'Name each plan once.',
    )
    .default([]),
});
export type OpenTenantWithSeats = z.infer<typeof OpenTenantWithSeats>;

/**
 * The command that moves a seat. It names one command and not a mailbox: a mailbox that is closed and restored
 * gets its second seat by a second command. A command repeated moves nothing.
 */
export interface SeatCause {
  /** `noun.verb`, for example mailbox.open. */
  readonly type: string;
  readonly id: string;
}

export const SeatPoolView = z.object({
  poolId: z.uuid(),
  planId: z.uuid(),
  purchased: z.int(),
  used: z.int(),
  free: z.int(),
});
export type SeatPoolView = z.infer<typeof SeatPoolView>;

/** One row per plan, and a tenant has few, so there are no pages. */
export const SeatSummary = z.object({ items: z.array(SeatPoolView.extend({ planName: z.string() })) });
export type SeatSummary = z.infer<typeof SeatSummary>;
