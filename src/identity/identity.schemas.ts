import { z } from 'zod';

export const SignIn = z.strictObject({
  signInName: z.string().trim().toLowerCase().min(1).max(254),
  password: z.string().min(1).max(200),
});
export type SignIn = z.infer<typeof SignIn>;

export const SessionView = z.object({
  /** Shown once: send it as `Authorization: Bearer <token>`. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
  personId: z.uuid(),
});
export type SessionView = z.infer<typeof SessionView>;

export const MeView = z.object({
  kind: z.enum(['person', 'api-key', 'platform']),
  id: z.string(),
  scope: z.object({
    kind: z.enum(['operator', 'reseller', 'tenant']),
    resellerId: z.uuid().optional(),
    tenantId: z.uuid().optional(),
  }),
});
export type MeView = z.infer<typeof MeView>;
