import type { TestProject } from 'vitest/node';
import { startCluster } from './postgres-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
  }
}

/** One PostgreSQL for all the room suites; each suite makes its own database in it. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const cluster = await startCluster();
  project.provide('adminUrl', cluster.adminUrl);
  return () => cluster.stop();
};
