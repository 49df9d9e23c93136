import { Counter, Gauge } from 'prom-client';
import { metrics } from '../platform/operations/operations-server.js';

const registers = [metrics];

export const appliedEntries = new Counter({
  name: 'livery_directory_applied_entries_total',
  help: 'Entries of the change feed brought into the directory files',
  registers,
});
export const rebuilds = new Counter({
  name: 'livery_directory_rebuilds_total',
  help: 'Generations built anew, by reason',
  labelNames: ['reason'],
  registers,
});
export const rebuildSeconds = new Gauge({
  name: 'livery_directory_last_rebuild_seconds',
  help: 'How long the last rebuild took',
  registers,
});
export const repairedRows = new Counter({
  name: 'livery_directory_repaired_rows_total',
  help: 'Rows that differed from Postgres without a change to account for it',
  labelNames: ['kind'],
  registers,
});
export const comparisons = new Counter({
  name: 'livery_directory_comparisons_total',
  help: 'Comparisons of the files with Postgres, by outcome',
  labelNames: ['outcome'],
  registers,
});
export const revocationsDone = new Counter({
  name: 'livery_revocations_total',
  help: 'Orders the mail store took, by kind',
  labelNames: ['kind'],
  registers,
});
export const revocationsFailed = new Counter({
  name: 'livery_revocations_failed_total',
  help: 'Batches of orders that the mail store did not take at once',
  registers,
});
export const revocationsWaiting = new Gauge({
  name: 'livery_revocations_waiting',
  help: 'Orders to the mail store that are still to be carried out',
  registers,
});
export const signingKeyFaults = new Counter({
  name: 'livery_signing_key_faults_total',
  help: 'Signing keys that could not be opened or written',
  registers,
});
export const shippedEvents = new Counter({
  name: 'livery_mail_events_shipped_total',
  help: 'Mail events taken by Postgres, by kind',
  labelNames: ['kind'],
  registers,
});
export const readLogLines = new Counter({
  name: 'livery_mail_log_lines_total',
  help: 'Lines of the mail log, by what became of them',
  labelNames: ['outcome'],
  registers,
});
export const shippedCounters = new Counter({
  name: 'livery_writebacks_shipped_total',
  help: 'Counters of the mail store taken by Postgres, by kind',
  labelNames: ['kind'],
  registers,
});

/** Seconds since the files were last known to equal Postgres; `read` answers null before the first time. */
export const watchCursorAge = (read: () => Date | null): void => {
  if (metrics.getSingleMetric('livery_directory_cursor_age_seconds') !== undefined) return;
  new Gauge({
    name: 'livery_directory_cursor_age_seconds',
    help: 'Seconds since the directory files last equalled Postgres',
    registers,
    collect() {
      const at = read();
      if (at !== null) this.set((Date.now() - at.getTime()) / 1_000);
    },
  });
};
