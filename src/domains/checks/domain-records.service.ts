import { Injectable } from '@nestjs/common';
import type { WantedRecord } from '#libs/dns';
import { claimToken } from '#libs/secrets';
import { Keys } from '../../platform/config/keys.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { accountOf, DomainOwners } from '../claims/domain-owners.js';
import type { Domain } from '../domain.entity.js';
import { requireDomain } from '../domain-rows.js';
import type { RecordsView } from '../domains.schemas.js';
import { recordsOf, renderWanted, showRecords } from './records.js';

/** A claim with the records it should have, given the SPF record that is there now. */
export interface Subject {
  readonly domain: Domain;
  readonly wanted: (spfNow: string | null) => WantedRecord[];
}

/** What a domain's owner is to publish, beside what was last found. */
@Injectable()
export class DomainRecordsService {
  constructor(
    private readonly db: TenantDb,
    private readonly owners: DomainOwners,
    private readonly keys: Keys,
  ) {}

  async requireSubject(domainId: string, brandId?: string): Promise<Subject> {
    return this.db.transaction(async (db) => {
      const domain = await requireDomain(db, domainId, { brandId });
      const owner = await this.owners.requireOf(domain);
      const claim = { accountId: accountOf(owner), claimId: domain.id, name: domain.name };
      const proofToken = claimToken(this.keys.for('claims'), claim);
      return { domain, wanted: (spfNow) => recordsOf(domain.name, owner.zone, proofToken, spfNow) };
    });
  }

  async list(domainId: string, brandId?: string): Promise<RecordsView> {
    const subject = await this.requireSubject(domainId, brandId);
    return showRecords(lastWanted(subject), subject.domain.report, subject.domain.checkedAt);
  }

  async zoneText(domainId: string, brandId?: string): Promise<string> {
    return renderWanted(lastWanted(await this.requireSubject(domainId, brandId)));
  }
}

const lastWanted = ({ domain, wanted }: Subject): WantedRecord[] => wanted(domain.report?.spfNow ?? null);
