import { z } from 'zod';

export type RestrictionLevel = 'tenant' | 'domain' | 'mailbox';

/** Who wants it so. Causes are kept apart, so that lifting one leaves the others in force. */
export const RestrictionCause = z.enum(['payment', 'abuse', 'security', 'legal', 'owner']);
export type RestrictionCause = z.infer<typeof RestrictionCause>;

export const Stops = z
  .strictObject({ sending: z.boolean(), signIn: z.boolean(), receiving: z.boolean() })
  .refine((stops) => stops.sending || stops.signIn || stops.receiving, 'Stop at least one of the three.');
export type Stops = z.infer<typeof Stops>;

export const Restrict = z.strictObject({ stops: Stops, reason: z.string().trim().min(1).max(500) });
export type Restrict = z.infer<typeof Restrict>;

/** A wish to restrict one subject. `reason` is read by the reseller's staff and by the tenant's. */
export interface Placement extends Restrict {
  readonly level: RestrictionLevel;
  readonly subjectId: string;
  readonly cause: RestrictionCause;
}

export const RestrictionView = z.object({
  id: z.uuid(),
  cause: RestrictionCause,
  stops: Stops,
  reason: z.string(),
  placedAt: z.iso.datetime(),
});
export type RestrictionView = z.infer<typeof RestrictionView>;

/** At most one per cause, so there are no pages. */
export const RestrictionList = z.object({ items: z.array(RestrictionView) });
export type RestrictionList = z.infer<typeof RestrictionList>;

/** What somebody may do with their mail at this moment. */
export const Switches = z.object({ maySend: z.boolean(), maySignIn: z.boolean(), mayReceive: z.boolean() });
export type Switches = z.infer<typeof Switches>;
