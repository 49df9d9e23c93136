import { SetMetadata } from '@nestjs/common';
import { Log } from '../logging/log.js';
import { enterScope, PLATFORM, scopeOfIds } from '../tenancy/scope.js';

const log = new Log('Sweeps');

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
export const inScopeOf = <T>(row: OwnedRow, cause: string, work: () => Promise<T>): Promise<T> =>
  enterScope(scopeOfIds(row.reseller_id, row.tenant_id ?? null), { actor: PLATFORM, cause }, work);

/** Works on each row in its own scope. One that fails is logged, and does not keep the others. */
export const inEachScope = async <Row extends OwnedRow>(
  rows: readonly Row[],
  cause: string,
  work: (row: Row) => Promise<void>,
): Promise<void> => {
  for (const row of rows)
    await inScopeOf(row, cause, () => work(row)).catch((fault: unknown) =>
      log.error('A row could not be worked on', fault, { cause }),
    );
};

/** The edge of a command of the operator, who sits at the machine itself. */
export const asOperator = <T>(cause: string, work: () => Promise<T>): Promise<T> =>
  enterScope({ kind: 'operator' }, { actor: PLATFORM, cause }, work);
