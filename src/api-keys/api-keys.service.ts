import { Injectable } from '@nestjs/common';
import { makeToken, tokenDigest } from '#libs/secrets';
import { IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { currentScope, idColumnsOf } from '../platform/tenancy/scope.js';
import { ApiKey } from './api-key.entity.js';
import type { ApiKeyView, CreateApiKey, NewApiKeyView } from './api-keys.schemas.js';

export const API_KEY_PREFIX = 'key';
const HINT_LENGTH = 4;

/** Keys of the scope in which they are asked for: the operator's, a reseller's or a tenant's. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  async create(wish: CreateApiKey): Promise<NewApiKeyView> {
    const scope = currentScope();
    const key = makeToken(API_KEY_PREFIX, 160);
    const row: ApiKey = {
      id: uuidv7(),
      ...idColumnsOf(scope),
      kind: scope.kind,
      name: wish.name,
      hint: key.slice(-HINT_LENGTH),
      digest: tokenDigest(key),
      createdAt: this.clock.now(),
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.db.transaction((db) => db.insert(ApiKey, row));
    return { ...show(row), key };
  }

  async list(wish: PageWish): Promise<Page<ApiKeyView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'api-keys', 1) ?? [];
      const query = db
        .createQueryBuilder(ApiKey, 'key')
        .where('key.kind = :kind and key.revoked_at is null', { kind: currentScope().kind })
        .orderBy('key.id')
        .limit(wish.limit + 1);
      if (after !== undefined) query.andWhere('key.id > :after', { after });
      return this.paging.page(wish, 'api-keys', await query.getMany(), (row) => [row.id], show);
    });
  }

  async revoke(apiKeyId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const mine = { id: apiKeyId, kind: currentScope().kind, revokedAt: IsNull() };
      const changed = await db.update(ApiKey, mine, { revokedAt: this.clock.now() });
      if (changed.affected !== 1) throw refuse.notFound();
    });
  }
}

const show = (row: ApiKey): ApiKeyView => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  hint: row.hint,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
