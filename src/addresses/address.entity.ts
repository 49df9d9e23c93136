import { Column, Entity, PrimaryColumn } from 'typeorm';

type AddressKind = 'primary' | 'alias' | 'catch_all' | 'temporary';

/** A name under which a mailbox is reached. Unique on the whole platform, and kept while its mailbox may be reopened. */
@Entity('address')
export class Address {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'domain_id' })
  domainId: string;

  @Column('uuid', { name: 'mailbox_id' })
  mailboxId: string;

  /** Lower case, domain as A-labels; a catch-all is written "@domain". */
  @Column('text')
  address: string;

  @Column('text')
  kind: AddressKind;

  @Column('boolean')
  receives: boolean;

  @Column('boolean')
  sends: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
