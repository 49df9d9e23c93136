import { Injectable } from '@nestjs/common';
import { Doors } from '../platform/database/doors.js';
import { Log } from '../platform/logging/log.js';
import { inScopeOf, type OwnedRow, Sweep } from '../platform/schedules/sweep.js';
import { ZonesService } from './zones.service.js';

const CAUSE = 'sweep zones';

/** Mends zones that are missing or differ: a new brand's, or a folder that was lost. */
@Injectable()
export class ZonesSweep {
  private readonly log = new Log('Zones');

  constructor(
    private readonly doors: Doors,
    private readonly zones: ZonesService,
  ) {}

  @Sweep({ name: 'zones', everySeconds: 600 })
  async publishAll(): Promise<void> {
    for (const reseller of await this.doors.ask<OwnedRow>('resellers'))
      for (const brandId of await inScopeOf(reseller, CAUSE, () => this.zones.listBrandIds()))
        await this.publish(reseller, brandId);
  }

  private async publish(reseller: OwnedRow, brandId: string): Promise<void> {
    try {
      await inScopeOf(reseller, CAUSE, () => this.zones.publish(brandId));
    } catch (thrown) {
      // One brand's trouble is no reason to leave the others; the next sweep tries again.
      this.log.error(`The zone of brand ${brandId} could not be published`, thrown);
    }
  }
}
