import { z } from 'zod';
import { page } from '../platform/http/paging.js';
import { WrittenName } from './written-names.schemas.js';

export type HostPurpose = 'portal' | 'mail' | 'autoconfig' | 'mta-sts';

export const AddHost = z.strictObject({ name: WrittenName, purpose: z.enum(['portal', 'mail']) });
export type AddHost = z.infer<typeof AddHost>;

export const HostView = z.object({
  id: z.uuid(),
  name: z.string(),
  purpose: z.enum(['portal', 'mail', 'autoconfig', 'mta-sts']),
  state: z.enum(['waiting', 'live']),
  createdAt: z.iso.datetime(),
});
export type HostView = z.infer<typeof HostView>;

export const HostPage = page(HostView);
