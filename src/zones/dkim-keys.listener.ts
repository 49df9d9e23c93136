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
import { dkimKeyMade } from './zones.events.js';

/** The selector that signs first; the other stands ready for the day keys are changed. */
const FIRST_SELECTOR = 'k1';

interface OwnedDomain {
  readonly tenant_id: string | null;
  readonly brand_id: string;
}

/** Read in the scope, so that nobody makes a key for a domain of somebody else's. */
const WITHOUT_KEY = `select d.tenant_id, d.brand_id from domain d where d.id = $1 and d.state = 'verified'
  and not exists (select 1 from dkim_key k where k.domain_id = d.id)`;

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
  async ensureKey({ domainId }: PayloadOf<typeof domainVerified>): Promise<void> {
    await this.db.transaction(async (db) => {
      const [domain] = await db.query<OwnedDomain[]>(WITHOUT_KEY, [domainId]);
      if (!domain) return;
      const key = await makeDkimKey();
      const sealed = sealFor(this.configuration.SEALING_PUBLIC_KEY, key.privateKeyPem, `dkim:${domainId}`);
      const made = await db.query<unknown[]>(
        `insert into dkim_key (id, tenant_id, domain_id, selector, public_key, sealed_private_key, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'signing', $7) on conflict (domain_id, selector) do nothing returning id`,
        [uuidv7(), domain.tenant_id, domainId, FIRST_SELECTOR, key.publicKeyBase64, sealed, this.clock.now()],
      );
      if (made.length > 0) await this.events.record(db, dkimKeyMade, { domainId, brandId: domain.brand_id });
    });
  }
}
