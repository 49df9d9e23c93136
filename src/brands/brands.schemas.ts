import { z } from 'zod';
import { page } from '../platform/http/paging.js';
import { ContactAddress, WrittenName } from './written-names.schemas.js';

const Name = z.string().trim().min(1).max(80);

export const CreateBrand = z.strictObject({
  name: Name,
  supportEmail: ContactAddress,
  mailHost: WrittenName,
  zoneName: WrittenName,
});
export type CreateBrand = z.infer<typeof CreateBrand>;

/** The zone is missing on purpose: it is set once. */
export const ChangeBrand = z.strictObject({
  name: Name.exactOptional(),
  supportEmail: ContactAddress.exactOptional(),
  mailHost: WrittenName.exactOptional(),
});
export type ChangeBrand = z.infer<typeof ChangeBrand>;

export const BrandView = z.object({
  id: z.uuid(),
  name: z.string(),
  supportEmail: z.string(),
  mailHost: z.string(),
  zoneName: z.string(),
  createdAt: z.iso.datetime(),
});
export type BrandView = z.infer<typeof BrandView>;

export const BrandPage = page(BrandView);
