import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Protocol } from './plans.schemas.js';

/** Content of a plan as it was published. Never changes: mailboxes hold on to the version they were sold. */
@Entity('plan_version')
export class PlanVersion {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'plan_id' })
  planId: string;

  /** 1, 2, 3 … within the plan. */
  @Column('integer')
  number: number;

  // The driver reads a bigint as text; sizes stay below 2^53.
  @Column('bigint', { name: 'quota_bytes', transformer: { to: (bytes: number) => bytes, from: Number } })
  quotaBytes: number;

  @Column('integer', { name: 'aliases_per_mailbox' })
  aliasesPerMailbox: number;

  @Column('integer', { name: 'hourly_messages' })
  hourlyMessages: number;

  @Column('text', { array: true })
  protocols: Protocol[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
