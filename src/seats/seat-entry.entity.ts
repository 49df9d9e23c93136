import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One line of the ledger. Lines are added, never changed; adding up the deltas gives the counters of the pool. */
@Entity('seat_ledger')
export class SeatEntry {
  @PrimaryColumn('uuid')
  id: string;

  /** The seller of the day, kept when a tenant moves. */
  @Column('uuid', { name: 'reseller_id' })
  resellerId: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'pool_id' })
  poolId: string;

  /** A grant counts towards purchased, the other two towards assigned. */
  @Column('text')
  kind: 'grant' | 'assign' | 'release';

  @Column('integer')
  delta: number;

  @Column('integer', { name: 'purchased_after' })
  purchasedAfter: number;

  @Column('integer', { name: 'assigned_after' })
  assignedAfter: number;

  @Column('text', { name: 'cause_type' })
  causeType: string;

  @Column('uuid', { name: 'cause_id' })
  causeId: string;

  @Column('text')
  actor: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
