/** What each kind of caller may do. `nouns:*` covers every verb of the noun, `*` everything. */
const TENANT = [
  'tenants:read',
  'tenants:change',
  'seats:read',
  'domains:*',
  'mailboxes:*',
  'addresses:*',
  'app-passwords:*',
  'people:*',
  'api-keys:*',
  'mail-events:read',
  'plans:read',
  'me:read',
] as const;

const RESELLER = [
  ...TENANT,
  'resellers:read',
  'resellers:change',
  'brands:*',
  'hosts:*',
  'zones:*',
  'plans:*',
  'tenants:*',
  'seats:*',
  'quotas:raise',
] as const;

const GRANTED = {
  operator: ['*'],
  reseller: RESELLER,
  tenant: TENANT,
  member: ['me:read'],
} as const satisfies Record<string, readonly string[]>;

export type Role = keyof typeof GRANTED;

/** The test of one role: does it hold a permission? */
export const permissionsOf =
  (role: Role) =>
  (permission: string): boolean => {
    const [noun] = permission.split(':');
    const held: readonly string[] = GRANTED[role];
    return held.includes('*') || held.includes(permission) || held.includes(`${noun}:*`);
  };
