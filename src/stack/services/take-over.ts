import { endGently, listSurvivors } from './process-ending.js';
import { listRecords, removeRecord } from './pid-record.js';

const TAKE_OVER_TIMEOUT_MS = 10_000;

/**
 * Ends what an earlier supervisor started in this folder and did not live to stop. Only processes proven to be
 * those are touched; a record whose number now belongs to somebody else is dropped.
 * @returns the names of the services that were still running.
 */
export async function takeOver(dataDir: string): Promise<readonly string[]> {
  const records = await listRecords(dataDir);
  const found = await Promise.all(
    records.map(async (record) => {
      const alive = (await listSurvivors(record, dataDir)).length > 0;
      if (alive) await endGently(record, dataDir, TAKE_OVER_TIMEOUT_MS);
      await removeRecord(dataDir, record.name);
      return alive ? record.name : null;
    }),
  );
  return found.filter((name) => name !== null);
}
