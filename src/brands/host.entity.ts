import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HostPurpose } from './hosts.schemas.js';

/** A name that we answer to, for a brand or, with a tenant id, for one tenant of it. */
@Entity('host')
export class Host {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'brand_id' })
  brandId: string;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('text')
  name: string;

  @Column('text')
  purpose: HostPurpose;

  @Column('text')
  state: 'waiting' | 'live';

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
