import { Injectable } from '@nestjs/common';
import { makeDkimKey, sealFor } from '#libs/secrets';
import { v7 as uuidv7 } from 'uuid';
import { domainVerified } from '../domains/domains.events.js';
import { Clock } from '../platform/config/clock.js';
import { Configuration } from '../platform/config/config.module.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { Events } from '../platform/events/events.js';
import { On } from '../platform/events/on.decorator.js';
import type { PayloadOf } from '../platform/events/event.js';
import { currentScope } from '../platform/tenancy/scope.js';
import { dkimKeyMade } from './zones.events.js';

/** The selector that signs first; the other stands ready for the day keys are changed. */
const FIRST_SELECTOR = 'k1';

/** Makes the signing key of a domain once it is proven. Only the engine's agents can open it. */
@Injectable()
export class DkimKeysListener {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly events: Events,
    private readonly configuration: Configuration,
  ) {}

  @On(domainVerified)
  async ensureKey({ domainId, brandId }: PayloadOf<typeof domainVerified>): Promise<void> {
    await this.db.transaction(async (db) => {
      const there = await db.query<unknown[]>('select id from dkim_key where domain_id = $1', [domainId]);
      if (there.length > 0) return;
      const key = await makeDkimKey();
      const scope = currentScope();
      const sealed = sealFor(this.configuration.SEALING_PUBLIC_KEY, key.privateKeyPem, `dkim:${domainId}`);
      const made = await db.query<unknown[]>(
        `insert into dkim_key (id, tenant_id, domain_id, selector, public_key, sealed_private_key, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'signing', $7) on conflict (domain_id, selector) do nothing returning id`,
        [
          uuidv7(),
          scope.kind === 'tenant' ? scope.tenantId : null,
          domainId,
          FIRST_SELECTOR,
          key.publicKeyBase64,
          sealed,
          this.clock.now(),
        ],
      );
      if (made.length > 0) await this.events.record(db, dkimKeyMade, { domainId, brandId });
    });
  }
}
