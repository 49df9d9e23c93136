import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { currentActor } from '../platform/tenancy/scope.js';
import { SeatEntry } from './seat-entry.entity.js';
import type { SeatPool } from './seat-pool.entity.js';
import type { SeatCause } from './seats.schemas.js';

/** Writes the lines of the ledger, in the transaction that changes the counters. */
@Injectable()
export class SeatLedgerService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
  ) {}

  /** Whether a command has moved its seat of this pool before. Ask with the pool locked. */
  async hasRun(kind: SeatEntry['kind'], pool: SeatPool, cause: SeatCause): Promise<boolean> {
    return this.db.transaction((db) =>
      db.existsBy(SeatEntry, { poolId: pool.id, kind, causeType: cause.type, causeId: cause.id }),
    );
  }

  /** `after` is the pool as the change left it. */
  async write(
    after: SeatPool,
    move: { readonly kind: SeatEntry['kind']; readonly delta: number; readonly cause: SeatCause },
  ): Promise<void> {
    const actor = currentActor();
    await this.db.transaction((db) =>
      db.insert(SeatEntry, {
        id: uuidv7(),
        // From the pool and not by default: in a reseller's scope there is no tenant to take.
        resellerId: after.resellerId,
        tenantId: after.tenantId,
        poolId: after.id,
        kind: move.kind,
        delta: move.delta,
        purchasedAfter: after.purchased,
        assignedAfter: after.assigned,
        causeType: move.cause.type,
        causeId: move.cause.id,
        actor: `${actor.kind}:${actor.id}`,
        createdAt: this.clock.now(),
      }),
    );
  }
}
