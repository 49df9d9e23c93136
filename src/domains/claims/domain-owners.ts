import { Injectable } from '@nestjs/common';
import { type DomainName, requireDomainName } from '#libs/address';
import type { BrandView } from '../../brands/brands.schemas.js';
import { BrandsService } from '../../brands/brands.service.js';
import { currentScope } from '../../platform/tenancy/scope.js';

/** Who claims: a tenant, or a brand for its own mail (then `tenantId` is null). */
export interface DomainOwner {
  readonly tenantId: string | null;
  readonly brandId: string;
  readonly zone: DomainName;
  readonly mailHost: string;
}

@Injectable()
export class DomainOwners {
  constructor(private readonly brands: BrandsService) {}

  /** In a tenant's scope the tenant; in a reseller's scope its brand of that id. Throws notFound. */
  async require(brandId?: string): Promise<DomainOwner> {
    const scope = currentScope();
    if (scope.kind === 'tenant') return ownerOf(scope.tenantId, await this.brands.requireForTenant());
    if (brandId === undefined) throw new Error('Outside a tenant, a domain is claimed for a brand.');
    return ownerOf(null, await this.brands.require(brandId));
  }

  /** The owner of a claim that is there. */
  async requireOf(claim: Pick<DomainOwner, 'tenantId' | 'brandId'>): Promise<DomainOwner> {
    return ownerOf(claim.tenantId, await this.brands.require(claim.brandId));
  }
}

/** The account that a proof is bound to, and that holds a name. */
export const accountOf = (owner: Pick<DomainOwner, 'tenantId' | 'brandId'>): string =>
  owner.tenantId ?? owner.brandId;

const ownerOf = (tenantId: string | null, brand: BrandView): DomainOwner => ({
  tenantId,
  brandId: brand.id,
  zone: requireDomainName(brand.zoneName),
  mailHost: brand.mailHost,
});
