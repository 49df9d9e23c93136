import { randomBytes } from 'node:crypto';
import { BrandsService } from '../../src/brands/brands.service.js';
import type { Scope } from '../../src/platform/tenancy/scope.js';
import { PlansService } from '../../src/plans/plans.service.js';
import { ResellersService } from '../../src/resellers/resellers.service.js';
import { TenantOpeningService } from '../../src/seats/tenant-opening.service.js';
import type { Rooms } from './harness.js';

/** A reseller with a brand and a plan, as a starting point for suites. */
export interface Seller {
  readonly scope: Extract<Scope, { kind: 'reseller' }>;
  readonly brandId: string;
  readonly planId: string;
}

export const CONTENT = {
  quotaBytes: 5_000_000_000,
  aliasesPerMailbox: 10,
  hourlyMessages: 200,
  protocols: ['imap', 'smtp'] as ('imap' | 'smtp')[],
};

export const openSeller = async (rooms: Rooms): Promise<Seller> => {
  const label = `isp-${randomBytes(4).toString('hex')}`;
  const reseller = await rooms.as({ kind: 'operator' }, () =>
    rooms.get(ResellersService).create({ name: label }),
  );
  const scope = { kind: 'reseller', resellerId: reseller.id } as const;
  return rooms.as(scope, async () => {
    const brand = await rooms.get(BrandsService).create({
      name: label,
      supportEmail: `support@${label}.example`,
      mailHost: `mail.${label}.localhost`,
      zoneName: `mailzone.${label}.example`,
    });
    const plan = await rooms.get(PlansService).create({ name: 'Office', ...CONTENT });
    return { scope, brandId: brand.id, planId: plan.id };
  });
};

/** A tenant of the seller with that many seats; answers its scope. */
export const openTenant = async (
  rooms: Rooms,
  { scope, brandId, planId }: Seller,
  count = 0,
): Promise<Extract<Scope, { kind: 'tenant' }>> => {
  const seats = count > 0 ? [{ planId, count }] : [];
  const wish = { name: 'Bakery', contactEmail: 'owner@elsewhere.example', brandId, seats };
  const tenant = await rooms.as(scope, () => rooms.get(TenantOpeningService).open(wish));
  return { kind: 'tenant', resellerId: scope.resellerId, tenantId: tenant.id };
};
