import type { TestProject } from 'vitest/node';
import { ThrowAwayPostgres } from '../database/throw-away-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
  }
}

/** One PostgreSQL for all the room suites; each suite makes its own database in it. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const postgres = await ThrowAwayPostgres.start();
  project.provide('adminUrl', postgres.url('postgres', 'postgres'));
  return () => postgres.remove();
};
