import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RestrictionCause, RestrictionLevel } from './restrictions.schemas.js';

/** One reason why a tenant, domain or mailbox may not send, sign in or receive. Kept after it is lifted. */
@Entity('restriction')
export class Restriction {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  level: RestrictionLevel;

  @Column('uuid', { name: 'subject_id' })
  subjectId: string;

  @Column('text')
  cause: RestrictionCause;

  @Column('boolean', { name: 'stops_sending' })
  stopsSending: boolean;

  @Column('boolean', { name: 'stops_sign_in' })
  stopsSignIn: boolean;

  @Column('boolean', { name: 'stops_receiving' })
  stopsReceiving: boolean;

  @Column('text')
  reason: string;

  @Column('text', { name: 'placed_by' })
  placedBy: string;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt: Date;

  @Column('text', { name: 'lifted_by', nullable: true })
  liftedBy: string | null;

  @Column('timestamptz', { name: 'lifted_at', nullable: true })
  liftedAt: Date | null;
}
