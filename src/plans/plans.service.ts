import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as refuseRequest } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { PlanVersion } from './plan-version.entity.js';
import { Plan } from './plan.entity.js';
import { refuse } from './plans.errors.js';
import type { CreatePlan, PlanContent, PlanVersionView, PlanView } from './plans.schemas.js';

@Injectable()
export class PlansService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  async create({ name, ...content }: CreatePlan): Promise<PlanView> {
    return this.db.transaction(async (db) => {
      const createdAt = this.clock.now();
      const plan = { id: uuidv7(), name, currentVersion: 1, createdAt };
      await db.createQueryBuilder().insert().into(Plan).values(plan).orIgnore().updateEntity(false).execute();
      if (!(await db.existsBy(Plan, { id: plan.id }))) throw refuse.nameTaken();
      const current = { id: uuidv7(), planId: plan.id, number: 1, ...content, createdAt };
      await db.insert(PlanVersion, current);
      return showPlan(plan, current);
    });
  }

  /** Content never changes in place: seats that were sold keep the version they were sold with. */
  async addVersion(planId: string, content: PlanContent): Promise<PlanView> {
    return this.db.transaction(async (db) => {
      const plan = await db.findOne(Plan, { where: { id: planId }, lock: { mode: 'pessimistic_write' } });
      if (!plan) throw refuseRequest.notFound();
      const number = plan.currentVersion + 1;
      const current = { id: uuidv7(), planId, number, ...content, createdAt: this.clock.now() };
      await db.insert(PlanVersion, current);
      await db.update(Plan, { id: planId }, { currentVersion: number });
      return showPlan(plan, current);
    });
  }

  async require(planId: string): Promise<PlanView> {
    return this.db.transaction(async (db) => {
      const plan = await withCurrent(db).where('plan.id = :planId', { planId }).getOne();
      if (!plan) throw refuseRequest.notFound();
      return showPlan(plan, plan.current);
    });
  }

  /** The version that a new mailbox of the plan gets. */
  async requireCurrentVersion(planId: string): Promise<PlanVersionView> {
    return (await this.require(planId)).current;
  }

  async requireVersion(versionId: string): Promise<PlanVersionView> {
    return this.db.transaction(async (db) => {
      const version = await db.findOneBy(PlanVersion, { id: versionId });
      if (!version) throw refuseRequest.notFound();
      return showVersion(version);
    });
  }

  async list(wish: PageWish): Promise<Page<PlanView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'plans', 1) ?? [];
      const query = withCurrent(db)
        .orderBy('plan.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.where('plan.id > :after', { after });
      return this.paging.page(
        wish,
        'plans',
        await query.getMany(),
        (row) => [row.id],
        (row) => showPlan(row, row.current),
      );
    });
  }
}

const withCurrent = (db: EntityManager): SelectQueryBuilder<Plan> =>
  db
    .createQueryBuilder(Plan, 'plan')
    .innerJoinAndMapOne(
      'plan.current',
      PlanVersion,
      'version',
      'version.plan_id = plan.id and version.number = plan.current_version',
    );

const showVersion = (version: PlanVersion): PlanVersionView => ({
  id: version.id,
  planId: version.planId,
  number: version.number,
  quotaBytes: version.quotaBytes,
  aliasesPerMailbox: version.aliasesPerMailbox,
  hourlyMessages: version.hourlyMessages,
  protocols: version.protocols,
  createdAt: version.createdAt.toISOString(),
});

const showPlan = (plan: Omit<Plan, 'current'>, current: PlanVersion): PlanView => ({
  id: plan.id,
  name: plan.name,
  current: showVersion(current),
  createdAt: plan.createdAt.toISOString(),
});
