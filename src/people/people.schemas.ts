import { z } from 'zod';
import { page } from '../platform/http/paging.js';

const SignInName = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email('Sign-in names are mail addresses, such as ana@example.org.').max(254));

export const Password = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(200, 'A password has at most 200 characters.');

export const AddPerson = z.strictObject({
  signInName: SignInName,
  displayName: z.string().trim().min(1).max(120),
  role: z.enum(['owner', 'admin', 'member']),
  password: Password,
});
export type AddPerson = z.infer<typeof AddPerson>;

export const PersonView = z.object({
  id: z.uuid(),
  signInName: z.string(),
  displayName: z.string(),
  createdAt: z.iso.datetime(),
});
export type PersonView = z.infer<typeof PersonView>;

export const PersonPage = page(PersonView);
