import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../config/clock.js';
import { currentCause, currentScope, idColumnsOf } from '../tenancy/scope.js';
import type { EventType } from './event.js';

/** Writes down what happened, in the transaction in which it happens. The worker passes it on. */
@Injectable()
export class Events {
  constructor(private readonly clock: Clock) {}

  async record<Payload>(db: EntityManager, type: EventType<Payload>, payload: Payload): Promise<void> {
    const { resellerId, tenantId } = idColumnsOf(currentScope());
    await db.query(
      `insert into outbox (id, reseller_id, tenant_id, name, payload, cause, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        uuidv7(),
        resellerId,
        tenantId,
        type.name,
        JSON.stringify(type.payload.parse(payload)),
        currentCause(),
        this.clock.now(),
      ],
    );
  }
}
