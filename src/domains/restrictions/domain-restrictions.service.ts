import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../platform/database/tenant-db.js';
import type { Restrict, RestrictionCause, RestrictionList } from '../../tenants/restrictions.schemas.js';
import { RestrictionsService } from '../../tenants/restrictions.service.js';
import { DomainsService } from '../domains.service.js';

/** Stops mail of one domain, and lets it go on. In a tenant's scope the cause is the owner's own wish. */
@Injectable()
export class DomainRestrictionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly domains: DomainsService,
    private readonly restrictions: RestrictionsService,
  ) {}

  async list(domainId: string): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.domains.require(domainId);
      return { items: await this.restrictions.listInForce(domainId) };
    });
  }

  async place(domainId: string, cause: RestrictionCause, wish: Restrict): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.domains.require(domainId);
      await this.restrictions.place({ level: 'domain', subjectId: domainId, cause, ...wish });
      return this.list(domainId);
    });
  }

  async lift(domainId: string, cause: RestrictionCause): Promise<RestrictionList> {
    return this.db.transaction(async () => {
      await this.domains.require(domainId);
      await this.restrictions.lift({ subjectId: domainId, cause });
      return this.list(domainId);
    });
  }
}
