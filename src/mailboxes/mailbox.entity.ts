import { Column, Entity, PrimaryColumn } from 'typeorm';

type MailboxKind = 'person' | 'shared' | 'resource';
type MailboxState = 'open' | 'closed' | 'purged';

/** Postgres answers bigint as text; sizes stay far below 2^53. */
const bytes = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};

/** Where mail is kept: one person's, or one that several people use. */
@Entity('mailbox')
export class Mailbox {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'domain_id' })
  domainId: string;

  /** Null for a shared mailbox, and once purged. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;

  @Column('text')
  kind: MailboxKind;

  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text', { name: 'local_part' })
  localPart: string;

  /** The main address, lower case; it is also the name that mail programs sign in with. */
  @Column('text')
  address: string;

  /** Relative to the mail root; made once and never changed. */
  @Column('text')
  home: string;

  @Column('uuid', { name: 'plan_version_id' })
  planVersionId: string;

  /** The pool whose seat it holds; null when it holds none. */
  @Column('uuid', { name: 'pool_id', nullable: true })
  poolId: string | null;

  /** Null: as the plan says. */
  @Column('bigint', { name: 'quota_bytes', nullable: true, transformer: bytes })
  quotaBytes: number | null;

  @Column('text')
  state: MailboxState;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;

  @Column('timestamptz', { name: 'purge_after', nullable: true })
  purgeAfter: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
