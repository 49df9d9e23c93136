import { z } from 'zod';
import { page } from '../platform/http/paging.js';

export const CreateApiKey = z.strictObject({ name: z.string().trim().min(1).max(80) });
export type CreateApiKey = z.infer<typeof CreateApiKey>;

export const ApiKeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(['operator', 'reseller', 'tenant']),
  /** The last characters of the key, to tell keys apart. */
  hint: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const NewApiKeyView = ApiKeyView.extend({
  /** Shown once: send it as `Authorization: Bearer <key>`. */
  key: z.string(),
});
export type NewApiKeyView = z.infer<typeof NewApiKeyView>;

export const ApiKeyPage = page(ApiKeyView);
