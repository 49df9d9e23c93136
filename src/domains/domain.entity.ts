import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `claimed` has no effect on anything; `verified` is what mail flow sees; `released` is history. */
export type DomainState = 'claimed' | 'verified' | 'released';

/** What may follow what. Nothing leads out of a release: claiming the name again is a new claim with a new token. */
const MOVES: Readonly<Record<DomainState, readonly DomainState[]>> = {
  claimed: ['verified', 'released'],
  verified: ['released'],
  released: [],
};

export const mayMove = (from: DomainState, to: DomainState): boolean => MOVES[from].includes(to);

/** A claim on a domain name by a tenant, or by a brand (then `tenantId` is null), and what was learned of it. */
@Entity('domain')
export class Domain {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('uuid', { name: 'brand_id' })
  brandId: string;

  /** A-labels, lower case. */
  @Column('text')
  name: string;

  @Column('text')
  state: DomainState;

  @Column('text', { name: 'proof_method', nullable: true })
  proofMethod: 'txt' | 'cname' | null;

  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt: Date | null;

  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt: Date | null;

  @Column('jsonb', { nullable: true })
  report: StoredReport | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}

/** What DNS last said of each wanted record. A record that nobody answered for keeps what was found before. */
export interface StoredReport {
  /** The owner's SPF record, with which the wanted one is merged. */
  readonly spfNow: string | null;
  readonly records: readonly StoredVerdict[];
}

export interface StoredVerdict {
  readonly type: string;
  readonly name: string;
  readonly purpose: string;
  readonly outcome: 'match' | 'different' | 'missing' | 'unknown';
  readonly found: readonly string[];
  readonly fix: string | null;
  readonly spfLookups: number | null;
  /** When it was found so, ISO 8601. */
  readonly seenAt: string;
}
