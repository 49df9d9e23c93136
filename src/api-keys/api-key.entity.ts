import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A program's credential. Only the digest is kept; `hint` is its last characters. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'reseller_id', nullable: true })
  resellerId: string | null;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('text')
  kind: 'operator' | 'reseller' | 'tenant';

  @Column('text')
  name: string;

  @Column('text')
  hint: string;

  @Column('text')
  digest: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;
}
