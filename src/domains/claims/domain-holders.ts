import { parentNames, requireDomainName } from '#libs/address';
import type { EntityManager } from 'typeorm';
import { call } from '../../platform/database/doors.js';
import { accountOf } from './domain-owners.js';

interface HolderRow {
  readonly name: string;
  readonly tenant_id: string | null;
  readonly brand_id: string;
}

/**
 * Does another account hold the name, or a name above it? A name below may well be held by another: whoever proves
 * the upper name controls what is delegated below it, and takes nothing from a proof that stands.
 */
export const judgeHolders = async (
  db: EntityManager,
  name: string,
  account: string,
): Promise<'alreadyVerified' | 'parentVerified' | null> => {
  const names = [name, ...parentNames(requireDomainName(name))];
  const holders = await db.query<HolderRow[]>(call('verified_holders', 1), [names]);
  const others = holders.filter(
    (row) => accountOf({ tenantId: row.tenant_id, brandId: row.brand_id }) !== account,
  );
  if (others.length === 0) return null;
  return others.some((row) => row.name === name) ? 'alreadyVerified' : 'parentVerified';
};

/**
 * Until the transaction ends, no other proof below the same registrable domain is settled. The unique index keeps a
 * name to one holder; only this keeps a name and one below it from being settled past each other.
 */
export const lockFamily = async (db: EntityManager, name: string): Promise<void> => {
  const registrable = parentNames(requireDomainName(name)).at(-1) ?? name;
  await db.query(`select pg_advisory_xact_lock(hashtextextended('domain ' || $1, 0))`, [registrable]);
};
