import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.js';
import { Doors } from './doors.js';

const FACTS = `
  select r.rolsuper or r.rolbypassrls as above_row_security,
    current_setting('server_version_num')::integer as server_version,
    exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')
        and has_table_privilege(current_user, c.oid, 'select')) as reads_tables
  from pg_roles r where r.rolname = current_user`;

interface Readiness {
  readonly ready: boolean;
  readonly why?: string;
}

interface Facts {
  readonly above_row_security: boolean;
  readonly server_version: number;
  readonly reads_tables: boolean;
}

/** First fixed minor of each major: older ones leak rows past row security through statistics (CVE-2025-8713). */
const OLDEST: Readonly<Record<number, number>> = { 15: 150014, 16: 160010, 17: 170006 };

/** Refuses to start on a database that would not keep tenants apart. */
@Injectable()
export class DatabaseFitness implements OnApplicationBootstrap {
  private isSchemaSeen = false;

  constructor(
    private readonly source: DataSource,
    private readonly doors: Doors,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const [facts] = await this.source.query<Facts[]>(FACTS);
    const complaint = facts ? judgeDatabase(facts) : 'The database did not say who we are.';
    if (complaint) throw new Error(complaint);
  }

  /** Whether rows can be reached now, and the tables are as new as this process. Newer ones are fine. */
  async schemaReadiness(): Promise<Readiness> {
    const reached = await this.readiness();
    if (!reached.ready || this.isSchemaSeen) return reached;
    try {
      const ran = await this.doors.ask<{ name: string }>('migrations');
      const missing = judgeSchema(ran.map(({ name }) => name));
      this.isSchemaSeen = missing === null;
      return missing === null ? reached : { ready: false, why: missing };
    } catch (fault) {
      return { ready: false, why: `the tables do not say how old they are: ${String(fault)}` };
    }
  }

  /** Whether rows can be reached now. */
  async readiness(): Promise<Readiness> {
    try {
      await this.source.query('select 1');
      return { ready: true };
    } catch (fault) {
      return { ready: false, why: `the database does not answer: ${String(fault)}` };
    }
  }
}

/** A sentence saying which migrations have not run, or null. */
export const judgeSchema = (ran: readonly string[]): string | null => {
  const missing = MIGRATIONS.map((migration) => migration.name).filter((name) => !ran.includes(name));
  if (missing.length === 0) return null;
  return `The tables are older than this process. Run "livery database migrate"; missing: ${missing.join(', ')}.`;
};

/** A sentence saying what to mend, or null. */
export const judgeDatabase = (facts: Facts): string | null => {
  if (facts.above_row_security)
    return 'LIVERY_DATABASE_URL signs in as a role that row security does not bind. Use livery_app.';
  if (facts.reads_tables)
    return 'LIVERY_DATABASE_URL signs in as a role with rights on tables. Use livery_app, which reaches them in a scope only.';
  const oldest = OLDEST[Math.floor(facts.server_version / 10_000)];
  if (facts.server_version < 150_000 || (oldest !== undefined && facts.server_version < oldest))
    return `PostgreSQL ${facts.server_version} is too old. Use 15.14, 16.10, 17.6 or newer.`;
  return null;
};
