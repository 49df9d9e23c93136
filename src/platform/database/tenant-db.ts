import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentScope, openTransaction, withTransaction, type Scope } from '../tenancy/scope.js';

/** One statement, so that no query can run between the role and the ids. All of it ends with the transaction. */
const ENTER = `select set_config('role', $1, true), set_config('app.reseller_id', $2, true),
  set_config('app.tenant_id', $3, true)`;

/** The only way to rows. A service that calls a service shares its transaction. */
@Injectable()
export class TenantDb {
  constructor(private readonly source: DataSource) {}

  async transaction<T>(work: (db: EntityManager) => Promise<T>): Promise<T> {
    const scope = currentScope();
    const open = openTransaction();
    if (open) return work(open);
    return this.source.transaction(async (db) => {
      await db.query(ENTER, roleAndIds(scope));
      return withTransaction(db, () => work(db));
    });
  }
}

const roleAndIds = (scope: Scope): [role: string, resellerId: string, tenantId: string] => [
  `livery_${scope.kind}`,
  scope.kind === 'operator' ? '' : scope.resellerId,
  scope.kind === 'tenant' ? scope.tenantId : '',
];
