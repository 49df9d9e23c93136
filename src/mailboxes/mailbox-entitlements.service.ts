import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { BrandsService } from '../brands/brands.service.js';
import { PlansService } from '../plans/plans.service.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { currentActor, requireTenantScope } from '../platform/tenancy/scope.js';
import { SeatsService } from '../seats/seats.service.js';
import { refuse } from './mailboxes.errors.js';
import { quotaToStore, renderSize } from './quotas/quota.js';

const SHARED_PER_SEAT = 2;
const SHARED_AT_LEAST = 5;

interface QuotaWish {
  readonly planId: string;
  /** What the plan version of the mailbox gives. */
  readonly planBytes: number;
  /** What the mailbox has now. */
  readonly presentBytes: number;
  /** Null: what the plan gives. */
  readonly wishBytes: number | null;
}

/** What a mailbox may have by what its tenant bought. */
@Injectable()
export class MailboxEntitlementsService {
  constructor(
    private readonly db: TenantDb,
    private readonly plans: PlansService,
    private readonly seats: SeatsService,
    private readonly brands: BrandsService,
  ) {}

  /** The version of the plan that a new mailbox gets, and the quota to store with it. */
  async requireTerms(
    planId: string,
    wishBytes: number | null,
  ): Promise<{ planVersionId: string; quotaBytes: number | null }> {
    const version = await this.plans.requireCurrentVersion(planId);
    const planBytes = version.quotaBytes;
    const wish = { planId, planBytes, presentBytes: planBytes, wishBytes };
    return { planVersionId: version.id, quotaBytes: await this.requireQuota(wish) };
  }

  async planQuota(planVersionId: string): Promise<number> {
    return (await this.plans.requireVersion(planVersionId)).quotaBytes;
  }

  /** Going down is always allowed, up only to what the plan gives; whoever sells the plan may go above. */
  async requireQuota({ planId, planBytes, presentBytes, wishBytes }: QuotaWish): Promise<number | null> {
    const limitBytes = Math.max(planBytes, presentBytes);
    if (wishBytes !== null && wishBytes > limitBytes && !currentActor().permits('quotas:raise')) {
      const [plan, brand] = [await this.plans.require(planId), await this.brands.requireForTenant()];
      throw refuse.quotaAbovePlan({ plan: plan.name, limit: renderSize(limitBytes), owner: brand.name });
    }
    return quotaToStore(wishBytes, planBytes);
  }

  /** A person's mailbox takes a seat; locks the pool, so it comes last in its transaction. Answers the pool. */
  async takeSeat(planId: string, command: 'mailbox.open' | 'mailbox.reopen'): Promise<string> {
    const pool = await this.seats.assign(planId, { type: command, id: uuidv7() });
    return pool.poolId;
  }

  async releaseSeat(poolId: string): Promise<void> {
    await this.seats.release(poolId, { type: 'mailbox.close', id: uuidv7() });
  }

  /** A shared mailbox takes no seat, but there are only so many per seat. Call with the new one not yet open. */
  async requireRoomForShared(planId: string): Promise<void> {
    const { tenantId } = requireTenantScope();
    await this.db.transaction(async (db) => {
      // One at a time per tenant: two opened at once would not count each other.
      await db.query(`select pg_advisory_xact_lock(hashtext('mailbox.shared'), hashtext($1))`, [tenantId]);
      const pools = (await this.seats.summary()).items;
      if (!pools.some((pool) => pool.planId === planId && pool.purchased > 0)) throw refuse.planNotHeld();
      const seats = pools.reduce((sum, pool) => sum + pool.purchased, 0);
      const limit = Math.max(SHARED_AT_LEAST, SHARED_PER_SEAT * seats);
      const [held] = await db.query<{ count: number }[]>(
        `select count(*)::integer as count from mailbox where kind = 'shared' and state = 'open'`,
      );
      if ((held?.count ?? 0) >= limit) throw refuse.tooManyShared({ limit });
    });
  }
}
