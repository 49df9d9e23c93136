import { z } from 'zod';
import { page } from '../platform/http/paging.js';

const Name = z.string().trim().min(1).max(120);

export const CreateReseller = z.strictObject({ name: Name });
export type CreateReseller = z.infer<typeof CreateReseller>;

export const ChangeReseller = z.strictObject({ name: Name });
export type ChangeReseller = z.infer<typeof ChangeReseller>;

export const ResellerView = z.object({ id: z.uuid(), name: z.string(), createdAt: z.iso.datetime() });
export type ResellerView = z.infer<typeof ResellerView>;

export const ResellerPage = page(ResellerView);
