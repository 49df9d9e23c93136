import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { TenantDb } from '../platform/database/tenant-db.js';
import type { TenantView } from '../tenants/tenants.schemas.js';
import { TenantsService } from '../tenants/tenants.service.js';
import type { OpenTenantWithSeats } from './seats.schemas.js';
import { SeatsService } from './seats.service.js';

/**
 * A tenant and its first seats, in one transaction and in the reseller's scope. Lives above the tenants because they
 * do not know of seats.
 */
@Injectable()
export class TenantOpeningService {
  constructor(
    private readonly db: TenantDb,
    private readonly tenants: TenantsService,
    private readonly seats: SeatsService,
  ) {}

  async open({ seats, ...wish }: OpenTenantWithSeats): Promise<TenantView> {
    return this.db.transaction(async () => {
      const tenant = await this.tenants.open(wish);
      for (const { planId, count } of seats)
        await this.seats.grant(
          tenant.id,
          { planId, purchased: count },
          { type: 'tenant.open', id: uuidv7() },
        );
      return tenant;
    });
  }
}
