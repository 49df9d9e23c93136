import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A firm that lives on the service with its own domains; the unit of isolation. */
@Entity('tenant')
export class Tenant {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'brand_id' })
  brandId: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'contact_email' })
  contactEmail: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
