import { z } from 'zod';
import { ContactAddress } from '../brands/written-names.schemas.js';
import { page } from '../platform/http/paging.js';

const Name = z.string().trim().min(1).max(120);

export const OpenTenant = z.strictObject({ name: Name, contactEmail: ContactAddress, brandId: z.uuid() });
export type OpenTenant = z.infer<typeof OpenTenant>;

export const ChangeTenant = z.strictObject({
  name: Name.exactOptional(),
  contactEmail: ContactAddress.exactOptional(),
});
export type ChangeTenant = z.infer<typeof ChangeTenant>;

export const TenantView = z.object({
  id: z.uuid(),
  name: z.string(),
  contactEmail: z.string(),
  brandId: z.uuid(),
  createdAt: z.iso.datetime(),
});
export type TenantView = z.infer<typeof TenantView>;

export const TenantPage = page(TenantView);
