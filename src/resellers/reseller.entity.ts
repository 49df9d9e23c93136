import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An internet provider that sells under its own brands. */
@Entity('reseller')
export class Reseller {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
