import { z } from 'zod';
import { page } from '../platform/http/paging.js';

const Alias = z.strictObject({
  kind: z.literal('alias'),
  domainId: z.uuid(),
  /** The part before the @ sign. */
  localPart: z.string().max(200),
  receives: z.boolean().default(true),
  /** Whether the mailbox may write under this address. */
  sends: z.boolean().default(true),
});

/** Mail to every name of the domain that nobody has. Never a sender. */
const CatchAll = z.strictObject({ kind: z.literal('catch_all'), domainId: z.uuid() });

export const AddAddress = z
  .discriminatedUnion('kind', [Alias, CatchAll])
  .refine((wish) => wish.kind === 'catch_all' || wish.receives || wish.sends, {
    error: 'An address receives, sends, or does both.',
    path: ['receives'],
  });
export type AddAddress = z.infer<typeof AddAddress>;

export const AddressView = z.object({
  id: z.uuid(),
  address: z.string(),
  kind: z.enum(['primary', 'alias', 'catch_all', 'temporary']),
  domainId: z.uuid(),
  receives: z.boolean(),
  sends: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type AddressView = z.infer<typeof AddressView>;

export const AddressPage = page(AddressView);
