import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { type Rooms, startRooms } from './harness.js';
import { type Office, openOffice } from './offices.js';
import { openSeller } from './sellers.js';

let rooms: Rooms;
let source: DataSource;
let db: TenantDb;
let offices: readonly [Office, Office];

beforeAll(async () => {
  rooms = await startRooms();
  const seller = await openSeller(rooms);
  offices = [await openOffice(rooms, seller, 2), await openOffice(rooms, seller, 2)];
  for (const office of offices) await office.open('ana');
  source = await createDataSource({ ...rooms.configuration, DATABASE_CONNECTIONS: 1 }).initialize();
  db = new TenantDb(source);
});
afterAll(async () => {
  await source?.destroy();
  await rooms.stop();
});

interface Seen {
  readonly tenant_id: string;
}

const SOMEBODYS_TABLES = ['domain', 'mailbox', 'address', 'seat_pool', 'person'];

/** One of two hundred pieces of work; every fifth ends in a fault of its own, every fifth in one of the database. */
const work = async (office: Office, turn: number): Promise<string[]> =>
  office.in(() =>
    db.transaction(async (manager) => {
      const table = SOMEBODYS_TABLES[turn % SOMEBODYS_TABLES.length] ?? 'domain';
      const rows = await manager.query<Seen[]>(`select tenant_id from ${table}, pg_sleep(0.001)`);
      if (turn % 5 === 1) throw new Error('given up');
      if (turn % 5 === 2) await manager.query('select 1 / 0');
      return rows.map(({ tenant_id: tenantId }) => tenantId);
    }),
  );

describe('one connection shared by two tenants', () => {
  it('never shows one the other’s rows, however often work in between fails', async () => {
    const turns = Array.from({ length: 200 }, (_, turn) => turn);
    const outcomes = await Promise.allSettled(
      turns.map((turn) => work(offices[turn % 2 === 0 ? 0 : 1], turn)),
    );
    const seen = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? new Set(outcome.value) : null));
    expect(seen.filter((one) => one === null)).toHaveLength(80);
    for (const turn of turns.filter((each) => seen[each] !== null))
      expect([...(seen[turn] ?? [])]).toEqual([offices[turn % 2 === 0 ? 0 : 1].scope.tenantId]);
  });

  it('is left without a role, an id or a right', async () => {
    const [left] = await source.query<object[]>(
      `select current_user::text as role, nullif(current_setting('app.tenant_id', true), '') as tenant,
         nullif(current_setting('app.reseller_id', true), '') as reseller`,
    );
    expect(left).toEqual({ role: 'livery_app', tenant: null, reseller: null });
    await expect(source.query('select 1 from public.mailbox')).rejects.toMatchObject({ code: '42501' });
  });

  it('shows a tenant nothing of another by asking for it, and writes nothing there', async () => {
    const [mine, theirs] = offices;
    const foreign = [theirs.scope.tenantId];
    const count = (statement: string, values: unknown[]): Promise<number> =>
      mine.in(() =>
        db.transaction(async (manager) => {
          const [rows, affected] = await manager.query<[unknown[], number]>(statement, values);
          return Array.isArray(rows) ? affected : 0;
        }),
      );
    expect(await count('update mailbox set display_name = $2 where tenant_id = $1', [...foreign, 'x'])).toBe(
      0,
    );
    expect(await count('delete from domain where tenant_id = $1', foreign)).toBe(0);
    await expect(count('update mailbox set tenant_id = $1', foreign)).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('does not let work in a scope take up the transaction of another scope', async () => {
    const [mine, theirs] = offices;
    const wide = new TenantDb(rooms.get(DataSource));
    const seen = await mine.in(() =>
      wide.transaction(() =>
        theirs.in(() =>
          wide.transaction((manager) => manager.query<Seen[]>('select tenant_id from mailbox')),
        ),
      ),
    );
    expect(seen).toEqual([{ tenant_id: theirs.scope.tenantId }]);
  });

  it('hangs no row of one tenant on a domain of its neighbour’s, though foreign keys look past row security', async () => {
    const [mine, theirs] = offices;
    for (const table of ['mailbox', 'address'])
      await expect(
        mine.in(() =>
          new TenantDb(rooms.get(DataSource)).transaction((manager) =>
            manager.query(`update ${table} set domain_id = $1`, [theirs.domainId]),
          ),
        ),
        table,
      ).rejects.toMatchObject({ code: '23503' });
  });
});
