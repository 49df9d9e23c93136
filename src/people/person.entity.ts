import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who signs in. The sign-in name is unique within a reseller, and among the operator's staff. */
@Entity('person')
export class Person {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'reseller_id', nullable: true })
  resellerId: string | null;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId: string | null;

  @Column('text', { name: 'sign_in_name' })
  signInName: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  /** As Dovecot reads it; null until a password is set. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
