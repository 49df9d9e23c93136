import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { PlansService } from '../plans/plans.service.js';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as refuseRequest } from '../platform/http/http.errors.js';
import { requireTenantScope } from '../platform/tenancy/scope.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { SeatLedgerService } from './seat-ledger.service.js';
import { SeatPool } from './seat-pool.entity.js';
import { refuse } from './seats.errors.js';
import type { GrantSeats, SeatCause, SeatPoolView, SeatSummary } from './seats.schemas.js';

/** Seats are bought by the plan, given to mailboxes and given back. */
@Injectable()
export class SeatsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly ledger: SeatLedgerService,
    private readonly tenants: TenantsService,
    private readonly plans: PlansService,
  ) {}

  /** In a reseller's scope: a tenant cannot raise what it has bought. */
  async grant(tenantId: string, wish: GrantSeats, cause: SeatCause): Promise<SeatPoolView> {
    return this.db.transaction(async (db) => {
      await this.tenants.require(tenantId);
      await this.plans.requireCurrentVersion(wish.planId);
      const pool = await this.ensurePool(db, tenantId, wish.planId);
      if (await this.ledger.hasRun('grant', pool, cause)) return show(pool);
      if (wish.purchased < pool.assigned) throw refuse.inUse({ used: pool.assigned });
      const delta = wish.purchased - pool.purchased;
      if (delta === 0) return show(pool);
      await db.update(SeatPool, { id: pool.id }, { purchased: wish.purchased });
      pool.purchased = wish.purchased;
      await this.ledger.write(pool, { kind: 'grant', delta, cause });
      return show(pool);
    });
  }

  /** In the tenant's scope. The pool stays locked until the transaction ends, so call this late in it. */
  async assign(planId: string, cause: SeatCause): Promise<SeatPoolView> {
    return this.db.transaction(async (db) => {
      const { tenantId } = requireTenantScope();
      const pool = await lock(db, { tenantId, planId });
      if (!pool) throw refuse.noneFree();
      if (await this.ledger.hasRun('assign', pool, cause)) return show(pool);
      const taken = await db
        .createQueryBuilder()
        .update(SeatPool)
        .set({ assigned: () => 'assigned + 1' })
        .where('id = :id and assigned < purchased', { id: pool.id })
        .execute();
      if (taken.affected !== 1) throw refuse.noneFree();
      pool.assigned += 1;
      await this.ledger.write(pool, { kind: 'assign', delta: 1, cause });
      return show(pool);
    });
  }

  async release(poolId: string, cause: SeatCause): Promise<SeatPoolView> {
    return this.db.transaction(async (db) => {
      const pool = await lock(db, { id: poolId });
      if (!pool) throw refuseRequest.notFound();
      if (await this.ledger.hasRun('release', pool, cause)) return show(pool);
      await db
        .createQueryBuilder()
        .update(SeatPool)
        .set({ assigned: () => 'assigned - 1' })
        .where('id = :id', { id: pool.id })
        .execute();
      pool.assigned -= 1;
      await this.ledger.write(pool, { kind: 'release', delta: -1, cause });
      return show(pool);
    });
  }

  /** Of the tenant in scope. */
  async summary(): Promise<SeatSummary> {
    return this.db.transaction(async (db) => {
      const { tenantId } = requireTenantScope();
      const items: SeatSummary['items'] = [];
      for (const pool of await db.find(SeatPool, { where: { tenantId }, order: { id: 'asc' } })) {
        const plan = await this.plans.require(pool.planId);
        items.push({ ...show(pool), planName: plan.name });
      }
      return { items };
    });
  }

  /** Locked, and empty when it is new. */
  private async ensurePool(db: EntityManager, tenantId: string, planId: string): Promise<SeatPool> {
    await db
      .createQueryBuilder()
      .insert()
      .into(SeatPool)
      .values({ id: uuidv7(), tenantId, planId, purchased: 0, assigned: 0, createdAt: this.clock.now() })
      .orIgnore()
      .updateEntity(false)
      .execute();
    const pool = await lock(db, { tenantId, planId });
    if (!pool) throw refuseRequest.notFound();
    return pool;
  }
}

/** Commands on one pool wait for each other here, so that a repeated one sees what the first did. */
const lock = (db: EntityManager, where: FindOptionsWhere<SeatPool>): Promise<SeatPool | null> =>
  db.findOne(SeatPool, { where, lock: { mode: 'pessimistic_write' } });

const show = (pool: SeatPool): SeatPoolView => ({
  poolId: pool.id,
  planId: pool.planId,
  purchased: pool.purchased,
  used: pool.assigned,
  free: pool.purchased - pool.assigned,
});
