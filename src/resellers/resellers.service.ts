import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { Reseller } from './reseller.entity.js';
import type { ChangeReseller, CreateReseller, ResellerView } from './resellers.schemas.js';

@Injectable()
export class ResellersService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  async create(wish: CreateReseller): Promise<ResellerView> {
    return this.db.transaction(async (db) => {
      const now = this.clock.now();
      const reseller = { id: uuidv7(), parentId: null, name: wish.name, createdAt: now, updatedAt: now };
      await db.insert(Reseller, reseller);
      return show(reseller);
    });
  }

  async require(resellerId: string): Promise<ResellerView> {
    return this.db.transaction(async (db) => {
      const reseller = await db.findOneBy(Reseller, { id: resellerId });
      if (!reseller) throw refuse.notFound();
      return show(reseller);
    });
  }

  async change(resellerId: string, wish: ChangeReseller): Promise<ResellerView> {
    return this.db.transaction(async (db) => {
      await this.require(resellerId);
      await db.update(Reseller, { id: resellerId }, { name: wish.name, updatedAt: this.clock.now() });
      return this.require(resellerId);
    });
  }

  async list(wish: PageWish): Promise<Page<ResellerView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'resellers', 1) ?? [];
      const query = db
        .createQueryBuilder(Reseller, 'reseller')
        .orderBy('reseller.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.where('reseller.id > :after', { after });
      const rows = await query.getMany();
      return this.paging.page(wish, 'resellers', rows, (row) => [row.id], show);
    });
  }
}

const show = (reseller: Reseller): ResellerView => ({
  id: reseller.id,
  name: reseller.name,
  createdAt: reseller.createdAt.toISOString(),
});
