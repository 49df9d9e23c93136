import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a person may do where: at a tenant, at the reseller (no tenant), or at the operator (neither). */
@Entity('membership')
export class Membership {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('uuid', { name: 'reseller_id', nullable: true })
  resellerId: string | null;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('text')
  role: 'owner' | 'admin' | 'member';

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
