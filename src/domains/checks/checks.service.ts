import { Injectable } from '@nestjs/common';
import { checkDomain, isSpf, judgeProof, type ProofJudgement } from '#libs/dns';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/config/clock.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { Events } from '../../platform/events/events.js';
import { judgeHolders, lockFamily } from '../claims/domain-holders.js';
import { accountOf } from '../claims/domain-owners.js';
import { Domain, type StoredReport } from '../domain.entity.js';
import { moveDomain, requireDomain } from '../domain-rows.js';
import { showDomain } from '../domain-view.js';
import { refuse } from '../domains.errors.js';
import { domainVerified } from '../domains.events.js';
import type { CheckView } from '../domains.schemas.js';
import { DomainRecordsService, type Subject } from './domain-records.service.js';
import { DomainResolver } from './domain-resolver.js';
import { mergeReport } from './records.js';

/** How a check may end. The last two: proven, but another account holds the name or one above it. */
type Settlement = 'proven' | 'absent' | 'unknown' | 'alreadyVerified' | 'parentVerified';

/** What DNS said. */
interface Sight {
  /** Null for a domain that is verified: its state is not for DNS to change. */
  readonly proof: ProofJudgement | null;
  /** Null when the other records were not asked for. */
  readonly report: StoredReport | null;
}

/** Asks DNS about a claim and settles what it said. No transaction is open while DNS is asked. */
@Injectable()
export class ChecksService {
  constructor(
    private readonly db: TenantDb,
    private readonly records: DomainRecordsService,
    private readonly resolver: DomainResolver,
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  /** Asks for everything. Throws alreadyVerified and parentVerified: the proof is there, but too late. */
  async check(domainId: string, brandId?: string): Promise<CheckView> {
    const before = await this.records.requireSubject(domainId, brandId);
    const proof = await this.settle(domainId, await this.look(before, 'everything'));
    if (proof === 'alreadyVerified' || proof === 'parentVerified') throw refuse[proof]();
    const { domain } = await this.records.requireSubject(domainId, brandId);
    return { domain: showDomain(domain), proof, records: await this.records.list(domainId, brandId) };
  }

  /** For claims that wait: asks for the proof, and for the rest only once that is there. */
  async recheck(domainId: string): Promise<void> {
    const subject = await this.records.requireSubject(domainId);
    await this.settle(domainId, await this.look(subject, 'proof'));
  }

  private async look({ domain, wanted }: Subject, extent: 'proof' | 'everything'): Promise<Sight> {
    const known = domain.report?.spfNow ?? null;
    const proof = domain.state === 'verified' ? null : await judgeProof(this.resolver, wanted(known));
    if (extent === 'proof' && proof?.outcome !== 'proven') return { proof, report: null };
    const spfNow = await this.askForSpf(domain.name, known);
    const report = await checkDomain(this.resolver, wanted(spfNow), this.clock.now());
    return { proof, report: mergeReport(domain.report, report, spfNow) };
  }

  private async askForSpf(name: string, known: string | null): Promise<string | null> {
    const answer = await this.resolver.lookup('TXT', name);
    if (answer.outcome === 'unknown') return known;
    return answer.outcome === 'found' ? (answer.values.find(isSpf) ?? null) : null;
  }

  /** Null for a domain that was verified before, or by a check that ran at the same time. */
  private async settle(domainId: string, { proof, report }: Sight): Promise<Settlement | null> {
    return this.db.transaction(async (db) => {
      const domain = await requireDomain(db, domainId, { lock: 'change' });
      await db.update(Domain, { id: domainId }, { checkedAt: this.clock.now(), ...(report && { report }) });
      if (proof === null || domain.state === 'verified') return null;
      if (proof.outcome !== 'proven') return proof.outcome;
      await lockFamily(db, domain.name);
      const held = await judgeHolders(db, domain.name, accountOf(domain));
      if (held !== null) return held;
      await this.verify(db, domain, proof.method);
      return 'proven';
    });
  }

  private async verify(db: EntityManager, domain: Domain, proofMethod: 'txt' | 'cname'): Promise<void> {
    const now = this.clock.now();
    await moveDomain(db, domain, 'verified', { verifiedAt: now, proofMethod, updatedAt: now });
    await this.events.record(db, domainVerified, { domainId: domain.id, brandId: domain.brandId });
  }
}
