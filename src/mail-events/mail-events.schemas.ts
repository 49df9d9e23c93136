import { z } from 'zod';
import { page, PageWish } from '../platform/http/paging.js';

export const ListMailEvents = PageWish.extend({
  mailboxId: z.uuid().exactOptional(),
  /** With or without the angle brackets. */
  messageId: z.string().min(1).max(998).exactOptional(),
});
export type ListMailEvents = z.infer<typeof ListMailEvents>;

export const MailEventView = z.object({
  at: z.iso.datetime(),
  mailboxId: z.uuid().nullable(),
  /** received, rejected, queued, delivered, deferred, bounced, expired and the like. */
  kind: z.string(),
  messageId: z.string().nullable(),
  sender: z.string().nullable(),
  recipient: z.string().nullable(),
  /** What the other side said, as it said it. */
  reply: z.string().nullable(),
});
export type MailEventView = z.infer<typeof MailEventView>;

/** Newest first. */
export const MailEventPage = page(MailEventView);
