import type { Scope } from '../platform/tenancy/scope.js';
import { permissionsOf, type Role } from './roles.js';

/** One place where somebody may act, and as what. */
export interface Grant {
  readonly scope: Scope;
  readonly role: Role;
}

/** Whether a grant on `held` reaches `wanted`: the operator reaches all, a reseller its own tenants. */
const reaches = (held: Scope, wanted: Scope): boolean => {
  if (held.kind === 'operator') return true;
  if (wanted.kind === 'operator') return false;
  if (held.resellerId !== wanted.resellerId) return false;
  if (held.kind === 'reseller') return true;
  return wanted.kind === 'tenant' && wanted.tenantId === held.tenantId;
};

/** The permissions that these grants give in a scope, or null when none of them reaches it. */
export const permitsIn =
  (grants: readonly Grant[]) =>
  (wanted: Scope): ((permission: string) => boolean) | null => {
    const reaching = grants.filter((grant) => reaches(grant.scope, wanted));
    if (reaching.length === 0) return null;
    return (permission) => reaching.some((grant) => permissionsOf(grant.role)(permission));
  };
