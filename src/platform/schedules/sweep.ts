import { SetMetadata } from '@nestjs/common';
import { enterScope, PLATFORM, type Scope } from '../tenancy/scope.js';

export const SWEEP = 'sweep';

export interface SweepWish {
  /** `noun` of the work, stable: it names the schedule. */
  readonly name: string;
  readonly everySeconds: number;
}

/** Marks a method that is run again and again, by one worker at a time. It must be safe to repeat and to miss. */
export const Sweep = (wish: SweepWish): MethodDecorator => SetMetadata(SWEEP, wish);

/** A row that says whose it is, as doors answer it. */
export interface OwnedRow {
  readonly reseller_id: string;
  readonly tenant_id?: string | null;
}

/** The edge of a sweep: enters the scope that a row names. */
export const inScopeOf = <T>(row: OwnedRow, cause: string, work: () => Promise<T>): Promise<T> => {
  const scope: Scope = row.tenant_id
    ? { kind: 'tenant', resellerId: row.reseller_id, tenantId: row.tenant_id }
    : { kind: 'reseller', resellerId: row.reseller_id };
  return enterScope(scope, { actor: PLATFORM, cause }, work);
};

/** The edge of a command of the operator, who sits at the machine itself. */
export const asOperator = <T>(cause: string, work: () => Promise<T>): Promise<T> =>
  enterScope({ kind: 'operator' }, { actor: PLATFORM, cause }, work);
