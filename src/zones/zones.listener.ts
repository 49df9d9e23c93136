import { Injectable } from '@nestjs/common';
import { brandMade } from '../brands/brands.events.js';
import { domainReleased } from '../domains/domains.events.js';
import type { PayloadOf } from '../platform/events/event.js';
import { On } from '../platform/events/on.decorator.js';
import { dkimKeyMade } from './zones.events.js';
import { ZonesService } from './zones.service.js';

/** Keeps a brand's zone in step with the keys of its domains. The zone is the reseller's, so is the scope. */
@Injectable()
export class ZonesListener {
  constructor(private readonly zones: ZonesService) {}

  @On(brandMade)
  async publishZone({ brandId }: PayloadOf<typeof brandMade>): Promise<void> {
    await this.zones.publish(brandId);
  }

  @On(dkimKeyMade, 'reseller')
  async publishKey({ brandId }: PayloadOf<typeof dkimKeyMade>): Promise<void> {
    await this.zones.publish(brandId);
  }

  @On(domainReleased, 'reseller')
  async withdrawKey({ brandId }: PayloadOf<typeof domainReleased>): Promise<void> {
    await this.zones.publish(brandId);
  }
}
