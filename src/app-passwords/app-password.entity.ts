import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AppPasswordScope } from './app-passwords.schemas.js';

/** The credential of one mail program on one device. */
@Entity('app_password')
export class AppPassword {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'mailbox_id' })
  mailboxId: string;

  @Column('text')
  name: string;

  /** SHA-256, in lower-case hex, of exactly what the program sends. */
  @Column('text')
  digest: string;

  @Column('text', { array: true })
  scopes: AppPasswordScope[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
