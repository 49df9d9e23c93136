import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse } from '../platform/http/http.errors.js';
import { currentActor } from '../platform/tenancy/scope.js';
import { Restriction } from './restriction.entity.js';
import type {
  Placement,
  RestrictionCause,
  RestrictionLevel,
  RestrictionView,
  Switches,
} from './restrictions.schemas.js';
import { judgeSwitches } from './switches.js';

/** Whose a subject is. A subject that the scope does not see, or a brand's own domain, has no row here. */
const OWNER: Readonly<Record<RestrictionLevel, string>> = {
  tenant: 'select reseller_id, id as tenant_id from tenant where id = $1',
  domain: 'select reseller_id, tenant_id from domain where id = $1 and tenant_id is not null',
  mailbox: 'select reseller_id, tenant_id from mailbox where id = $1',
};

interface Owner {
  readonly reseller_id: string;
  readonly tenant_id: string;
}

/** The one place where restrictions are placed and lifted, for all three levels. */
@Injectable()
export class RestrictionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
  ) {}

  /**
   * One restriction per subject and cause: placing it again sets what it stops. In a tenant's scope the database
   * takes the cause `owner` below tenant level only.
   */
  async place(wish: Placement): Promise<void> {
    await this.db.transaction(async (db) => {
      const [owner] = await db.query<Owner[]>(OWNER[wish.level], [wish.subjectId]);
      if (!owner) throw refuse.notFound();
      // The owner is written by hand here and nowhere else: a reseller's scope, in which most restrictions are
      // placed, has no tenant that the column's default could take.
      await db.query(
        `insert into restriction (id, reseller_id, tenant_id, level, subject_id, cause, stops_sending, stops_sign_in,
           stops_receiving, reason, placed_by, placed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (subject_id, cause) where lifted_at is null do update
         set stops_sending = excluded.stops_sending, stops_sign_in = excluded.stops_sign_in,
           stops_receiving = excluded.stops_receiving, reason = excluded.reason,
           placed_by = excluded.placed_by, placed_at = excluded.placed_at`,
        [
          uuidv7(),
          owner.reseller_id,
          owner.tenant_id,
          wish.level,
          wish.subjectId,
          wish.cause,
          wish.stops.sending,
          wish.stops.signIn,
          wish.stops.receiving,
          wish.reason,
          actorName(),
          this.clock.now(),
        ],
      );
    });
  }

  /** Leaves the restrictions of other causes in force. Lifting what is not in force changes nothing. */
  async lift({
    subjectId,
    cause,
  }: {
    readonly subjectId: string;
    readonly cause: RestrictionCause;
  }): Promise<void> {
    await this.db.transaction((db) =>
      db.update(
        Restriction,
        { subjectId, cause, liftedAt: IsNull() },
        { liftedBy: actorName(), liftedAt: this.clock.now() },
      ),
    );
  }

  async listInForce(subjectId: string): Promise<RestrictionView[]> {
    return this.inForce([subjectId]);
  }

  /** The effective state: pass a mailbox together with its domain and tenant, and the strictest wins. */
  async switchesOf(subjectIds: readonly string[]): Promise<Switches> {
    return judgeSwitches(await this.inForce(subjectIds));
  }

  private async inForce(subjectIds: readonly string[]): Promise<RestrictionView[]> {
    return this.db.transaction(async (db) => {
      const rows = await db.find(Restriction, {
        where: { subjectId: In([...subjectIds]), liftedAt: IsNull() },
        order: { placedAt: 'asc', id: 'asc' },
      });
      return rows.map(show);
    });
  }
}

const actorName = (): string => `${currentActor().kind}:${currentActor().id}`;

const show = (row: Restriction): RestrictionView => ({
  id: row.id,
  cause: row.cause,
  stops: { sending: row.stopsSending, signIn: row.stopsSignIn, receiving: row.stopsReceiving },
  reason: row.reason,
  placedAt: row.placedAt.toISOString(),
});
