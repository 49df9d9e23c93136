import { z } from 'zod';
import { page } from '../platform/http/paging.js';

export const ClaimDomain = z.strictObject({
  /** As people write it; international names in either form. */
  name: z.string().min(1).max(1000),
});
export type ClaimDomain = z.infer<typeof ClaimDomain>;

export const DomainView = z.object({
  id: z.uuid(),
  brandId: z.uuid(),
  /** A-labels: the form to store and compare. */
  name: z.string(),
  /** The form to show. */
  displayName: z.string(),
  state: z.enum(['claimed', 'verified', 'released']),
  proofMethod: z.enum(['txt', 'cname']).nullable(),
  verifiedAt: z.iso.datetime().nullable(),
  checkedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type DomainView = z.infer<typeof DomainView>;

export const DomainPage = page(DomainView);

const Alternative = z.object({ type: z.string(), name: z.string(), value: z.string() });

export const RecordView = z.object({
  purpose: z.enum(['ownership', 'dkim', 'spf', 'dmarc', 'mx']),
  type: z.string(),
  name: z.string(),
  value: z.string(),
  required: z.boolean(),
  why: z.string(),
  /** Proves as well as the record itself. */
  alternative: Alternative.nullable(),
  /** `unchecked` until asked for; `unknown` when nobody has answered yet. */
  state: z.enum(['match', 'different', 'missing', 'unknown', 'unchecked']),
  found: z.array(z.string()),
  /** What to do, or null. */
  fix: z.string().nullable(),
  /** How many of the ten DNS look-ups that receivers grant the SPF record costs. */
  spfLookups: z.int().nullable(),
  seenAt: z.iso.datetime().nullable(),
});
export type RecordView = z.infer<typeof RecordView>;

export const RecordsView = z.object({
  /** True when every required record is as wanted. */
  ready: z.boolean(),
  checkedAt: z.iso.datetime().nullable(),
  records: z.array(RecordView),
});
export type RecordsView = z.infer<typeof RecordsView>;

export const CheckView = z.object({
  domain: DomainView,
  /** `unknown`: the name servers did not answer, so nothing has changed. Null: proven before. */
  proof: z.enum(['proven', 'absent', 'unknown']).nullable(),
  records: RecordsView,
});
export type CheckView = z.infer<typeof CheckView>;
