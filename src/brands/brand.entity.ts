import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A name under which a reseller sells. Everything a tenant or a correspondent sees comes from here. */
@Entity('brand')
export class Brand {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'support_email' })
  supportEmail: string;

  /** What mail programs connect to: a host of purpose mail. A-labels. */
  @Column('text', { name: 'mail_host' })
  mailHost: string;

  /** What the records of tenants point below. Never changes; A-labels. */
  @Column({ type: 'text', name: 'zone_name', update: false })
  zoneName: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
