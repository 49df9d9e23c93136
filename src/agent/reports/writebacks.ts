import type Database from 'better-sqlite3';
import type { ClientBase } from 'pg';
import { shippedCounters } from '../metrics.js';

const BATCH = 500;

interface UsageRow {
  readonly seq: number;
  readonly address: string;
  readonly bytes: number | null;
  readonly messages: number | null;
}

interface SignInRow {
  readonly seq: number;
  readonly address: string;
  readonly service: string | null;
  readonly at: number | null;
}

const USAGE = `
  select d.seq, d.username as address, max(u.bytes, 0) as bytes, max(u.messages, 0) as messages
  from (select * from dirty where kind = 'usage' order by seq limit ${BATCH}) d
  left join usage u on u.username = d.username`;

const SIGN_INS = `
  select d.seq, d.username as address, l.service, l.at
  from (select * from dirty where kind = 'login' order by seq limit ${BATCH}) d
  left join last_login l on l.username = d.username`;

/**
 * Sends what the mail store counted since the last time. An entry is deleted by the number it was read under: what
 * changed meanwhile stands under a new number and goes next time. Answers whether there is more.
 */
export const shipWritebacks = async (file: Database.Database, client: ClientBase): Promise<boolean> => {
  const usage = await ship<UsageRow>(file, client, {
    kind: 'usage',
    read: USAGE,
    report: 'select directory.report_usage($1)',
    whole: (row) => row.bytes !== null && row.messages !== null,
  });
  const signIns = await ship<SignInRow>(file, client, {
    kind: 'login',
    read: SIGN_INS,
    report: 'select directory.report_sign_ins($1)',
    whole: (row) => row.service !== null && row.at !== null,
  });
  return usage || signIns;
};

interface Shipment<R> {
  readonly kind: 'usage' | 'login';
  readonly read: string;
  readonly report: string;
  readonly whole: (row: R) => boolean;
}

const ship = async <R extends { readonly seq: number; readonly address: string }>(
  file: Database.Database,
  client: ClientBase,
  shipment: Shipment<R>,
): Promise<boolean> => {
  const rows = file.prepare<[], R>(shipment.read).all();
  if (rows.length === 0) return false;
  const whole = rows
    .filter((row) => shipment.whole(row))
    .map(({ seq: _seq, ...counted }) => ({ ...counted, address: counted.address.toLowerCase() }));
  if (whole.length > 0) await client.query(shipment.report, [JSON.stringify(whole)]);
  const seqs = [...new Set(rows.map(({ seq }) => seq))];
  const forget = file.prepare<[number]>('delete from dirty where seq = ?');
  file.transaction(() => seqs.forEach((seq) => forget.run(seq)))();
  shippedCounters.inc({ kind: shipment.kind }, whole.length);
  return seqs.length === BATCH;
};
