import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlanVersion } from './plan-version.entity.js';

/** What a reseller sells by the seat. Its content lives in versions. */
@Entity('plan')
export class Plan {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** The number of the version that new mailboxes get. */
  @Column('integer', { name: 'current_version' })
  currentVersion: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Not a column: joined by the queries that show a plan. */
  current: PlanVersion;
}
