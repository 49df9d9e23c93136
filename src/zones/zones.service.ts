import { Injectable } from '@nestjs/common';
import { requireDomainName } from '#libs/address';
import { dkimLabel, renderZone } from '#libs/dns';
import type { EntityManager } from 'typeorm';
import { BrandsService } from '../brands/brands.service.js';
import { Clock } from '../platform/config/clock.js';
import { Configuration } from '../platform/config/config.module.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { draftZone, numberZone, type ZoneDraft } from './zone-draft.js';
import { ZonePublisher } from './zone-publisher.js';

interface KeyRow {
  readonly selector: string;
  readonly public_key: string;
  readonly domain: string;
}

const KEYS = `select k.selector, k.public_key, d.name as domain from dkim_key k join domain d on d.id = k.domain_id
  where d.brand_id = $1 and d.state = 'verified' and k.state = 'signing' order by d.name, k.selector`;

/** The zones that the brands' tenants point at. Always the whole zone, from the database. In a reseller's scope. */
@Injectable()
export class ZonesService {
  constructor(
    private readonly db: TenantDb,
    private readonly brands: BrandsService,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly publisher: ZonePublisher,
  ) {}

  /** Publishes the zone unless it is published so already. Safe to repeat. Throws notFound. */
  async publish(brandId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      // One at a time: whoever read the database earlier must not write over whoever read it later.
      await db.query(`select pg_advisory_xact_lock(hashtextextended('zone ' || $1, 0))`, [brandId]);
      const draft = await this.draft(db, brandId);
      const before = await this.publisher.find(draft.origin);
      const zone = numberZone(draft, before, this.clock.now());
      if (zone.serial !== before?.serial) await this.publisher.publish(zone);
    });
  }

  /** The zone as master file text, as it is published or is about to be. */
  async text(brandId: string): Promise<string> {
    return this.db.transaction(async (db) => {
      const draft = await this.draft(db, brandId);
      const before = await this.publisher.find(draft.origin);
      return renderZone(numberZone(draft, before, this.clock.now()));
    });
  }

  /** The brands of the reseller in scope. */
  async listBrandIds(): Promise<string[]> {
    return this.db.transaction(async (db) => {
      const rows = await db.query<{ id: string }[]>('select id from brand order by id');
      return rows.map((row) => row.id);
    });
  }

  private async draft(db: EntityManager, brandId: string): Promise<ZoneDraft> {
    const brand = await this.brands.require(brandId);
    const keys = await db.query<KeyRow[]>(KEYS, [brandId]);
    return draftZone({
      zone: requireDomainName(brand.zoneName),
      nameServerAddresses: this.configuration.NAME_SERVER_ADDRESSES,
      mailAddresses: this.configuration.MAIL_ADDRESSES,
      dkimKeys: keys.map(({ selector, public_key: publicKeyBase64, domain }) => ({
        selector,
        label: dkimLabel(requireDomainName(domain)),
        publicKeyBase64,
      })),
    });
  }
}
