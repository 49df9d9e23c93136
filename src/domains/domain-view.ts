import { displayDomain, requireDomainName } from '#libs/address';
import type { Domain } from './domain.entity.js';
import type { DomainView } from './domains.schemas.js';

/** The name in the form to show. */
export const displayName = (domain: Pick<Domain, 'name'>): string =>
  displayDomain(requireDomainName(domain.name));

export const showDomain = (domain: Domain): DomainView => ({
  id: domain.id,
  brandId: domain.brandId,
  name: domain.name,
  displayName: displayName(domain),
  state: domain.state,
  proofMethod: domain.proofMethod,
  verifiedAt: domain.verifiedAt?.toISOString() ?? null,
  checkedAt: domain.checkedAt?.toISOString() ?? null,
  createdAt: domain.createdAt.toISOString(),
});
