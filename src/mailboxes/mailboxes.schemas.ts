import { z } from 'zod';
import { Password } from '../people/people.schemas.js';
import { page, PageWish } from '../platform/http/paging.js';
import { RestrictionView } from '../tenants/restrictions.schemas.js';

const DisplayName = z.string().trim().min(1).max(120);

/** Bytes. Less than 1 MB would not hold one letter with a picture. */
const QuotaBytes = z.int().min(1_000_000, 'A mailbox holds at least 1 MB (1000000 bytes).');

export const OpenMailbox = z
  .strictObject({
    domainId: z.uuid(),
    /** The part before the @ sign. */
    localPart: z.string().max(200),
    displayName: DisplayName,
    planId: z.uuid(),
    kind: z.enum(['person', 'shared']),
    /** Without one, only app passwords sign in. */
    password: Password.exactOptional(),
    /** Without one, what the plan gives. */
    quotaBytes: QuotaBytes.exactOptional(),
  })
  .refine((wish) => wish.kind === 'person' || wish.password === undefined, {
    error: 'A shared mailbox has no password.',
    path: ['password'],
  });
export type OpenMailbox = z.infer<typeof OpenMailbox>;

export const ChangeMailbox = z.strictObject({
  displayName: DisplayName.exactOptional(),
  /** Null: what the plan gives. */
  quotaBytes: QuotaBytes.nullable().exactOptional(),
});
export type ChangeMailbox = z.infer<typeof ChangeMailbox>;

export const ListMailboxes = PageWish.extend({
  domainId: z.uuid().exactOptional(),
  state: z.enum(['open', 'closed', 'purged']).exactOptional(),
});
export type ListMailboxes = z.infer<typeof ListMailboxes>;

export const SetPassword = z.strictObject({ password: Password });
export type SetPassword = z.infer<typeof SetPassword>;

export const SuspendMailbox = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type SuspendMailbox = z.infer<typeof SuspendMailbox>;

export const MailboxView = z.object({
  id: z.uuid(),
  address: z.string(),
  domainId: z.uuid(),
  kind: z.enum(['person', 'shared', 'resource']),
  displayName: z.string(),
  planId: z.uuid(),
  quotaBytes: z.int(),
  /** Who set the quota: the plan, or this mailbox alone. */
  quotaFrom: z.enum(['plan', 'mailbox']),
  state: z.enum(['open', 'closed', 'purged']),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  /** A closed mailbox may be reopened until then. */
  purgeAfter: z.iso.datetime().nullable(),
});
export type MailboxView = z.infer<typeof MailboxView>;

export const MailboxPage = page(MailboxView);

/** What may be done with the mailbox at this moment, and every reason why not, from the account down. */
export const MailboxSwitches = z.object({
  maySend: z.boolean(),
  maySignIn: z.boolean(),
  mayReceive: z.boolean(),
  restrictions: z.array(RestrictionView.extend({ level: z.enum(['tenant', 'domain', 'mailbox']) })),
});
export type MailboxSwitches = z.infer<typeof MailboxSwitches>;

export const MailboxDetail = MailboxView.extend({
  usage: z.object({
    bytes: z.int(),
    messages: z.int(),
    /** Of the quota, rounded down; may pass 100. */
    percent: z.int(),
    /** Null until the mailbox was measured for the first time. */
    reportedAt: z.iso.datetime().nullable(),
  }),
  lastSignIns: z.array(z.object({ service: z.string(), at: z.iso.datetime() })),
  switches: MailboxSwitches,
});
export type MailboxDetail = z.infer<typeof MailboxDetail>;
