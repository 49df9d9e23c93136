import { z } from 'zod';
import { event } from '../platform/events/event.js';

/** A mailbox reached one of the shares of its quota at which people are told. */
export const mailboxFilled = event(
  'mailbox.filled',
  z.object({
    mailboxId: z.uuid(),
    percent: z.int(),
    /** One per rise, so that a notice sent twice can be known as one. */
    crossingId: z.uuid(),
  }),
);
export type MailboxFilled = z.infer<typeof mailboxFilled.payload>;

/** The time for an undo is over: addresses are free again, and nothing brings the mailbox back. */
export const mailboxPurged = event('mailbox.purged', z.object({ mailboxId: z.uuid() }));
export type MailboxPurged = z.infer<typeof mailboxPurged.payload>;
