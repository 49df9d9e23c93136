import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The seats of one plan that a tenant has. The database holds assigned between 0 and purchased. */
@Entity('seat_pool')
export class SeatPool {
  @PrimaryColumn('uuid')
  id: string;

  @Column({ type: 'uuid', name: 'reseller_id', insert: false, update: false })
  resellerId: string;

  @Column({ type: 'uuid', name: 'tenant_id', update: false })
  tenantId: string;

  @Column({ type: 'uuid', name: 'plan_id', update: false })
  planId: string;

  @Column('integer')
  purchased: number;

  @Column('integer')
  assigned: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
