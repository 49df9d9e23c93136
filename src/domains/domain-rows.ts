import { type EntityManager, IsNull, Not } from 'typeorm';
import { refuse } from '../platform/http/http.errors.js';
import { Domain, type DomainState, mayMove } from './domain.entity.js';

export interface DomainWish {
  /** Only a domain that this brand itself owns. */
  readonly brandId?: string | undefined;
  /** Until the transaction ends: `share` lets nobody change the row, `change` lets nobody share it either. */
  readonly lock?: 'share' | 'change';
}

const LOCKS = { share: 'pessimistic_read', change: 'pessimistic_write' } as const;

/** A live claim in the scope. Throws notFound. */
export const requireDomain = async (
  db: EntityManager,
  domainId: string,
  { brandId, lock }: DomainWish = {},
): Promise<Domain> => {
  const own = brandId === undefined ? {} : { brandId, tenantId: IsNull() };
  const domain = await db.findOne(Domain, {
    where: { id: domainId, state: Not('released'), ...own },
    ...(lock && { lock: { mode: LOCKS[lock] } }),
  });
  if (!domain) throw refuse.notFound();
  return domain;
};

type Changes = Pick<Domain, 'updatedAt'> & Partial<Pick<Domain, 'verifiedAt' | 'proofMethod'>>;

/** The one place in which a state changes. Throws a fault for a move that the table of moves does not have. */
export const moveDomain = async (
  db: EntityManager,
  domain: Domain,
  to: DomainState,
  changes: Changes,
): Promise<void> => {
  if (!mayMove(domain.state, to)) throw new Error(`A domain does not move from ${domain.state} to ${to}.`);
  await db.update(Domain, { id: domain.id }, { state: to, ...changes });
};
