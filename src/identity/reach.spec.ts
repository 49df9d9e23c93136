import { describe, expect, it } from 'vitest';
import { scopeOfIds } from '../platform/tenancy/scope.js';
import { permitsIn } from './reach.js';
import { permissionsOf } from './roles.js';

const fjord = scopeOfIds('fjord', null);
const bakery = scopeOfIds('fjord', 'bakery');
const dental = scopeOfIds('fjord', 'dental');
const elsewhere = scopeOfIds('other', 'bakery');

describe('what a grant reaches', () => {
  it('gives the operator every scope', () => {
    const permits = permitsIn([{ scope: { kind: 'operator' }, role: 'operator' }]);
    expect(permits(bakery)?.('mailboxes:open')).toBe(true);
    expect(permits({ kind: 'operator' })?.('resellers:create')).toBe(true);
  });

  it('gives a reseller its own tenants and nobody else’s', () => {
    const permits = permitsIn([{ scope: fjord, role: 'reseller' }]);
    expect(permits(bakery)?.('seats:grant')).toBe(true);
    expect(permits(elsewhere)).toBeNull();
    expect(permits({ kind: 'operator' })).toBeNull();
  });

  it('gives a tenant itself only', () => {
    const permits = permitsIn([{ scope: bakery, role: 'tenant' }]);
    expect(permits(bakery)?.('mailboxes:open')).toBe(true);
    expect(permits(dental)).toBeNull();
    expect(permits(fjord)).toBeNull();
  });

  it('keeps the roles of two tenants apart', () => {
    const permits = permitsIn([
      { scope: bakery, role: 'tenant' },
      { scope: dental, role: 'member' },
    ]);
    expect(permits(bakery)?.('mailboxes:open')).toBe(true);
    expect(permits(dental)?.('mailboxes:open')).toBe(false);
  });

  it('gives a tenant no right on seats, quotas above the plan, or tenants of the reseller', () => {
    for (const permission of [
      'seats:grant',
      'quotas:raise',
      'tenants:create',
      'tenants:restrict',
      'plans:create',
    ])
      expect(permissionsOf('tenant')(permission), permission).toBe(false);
  });
});
