import { Injectable } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { Configuration } from '../config/config.module.js';
import { Doors } from '../database/doors.js';
import type { House } from './caller.js';

const KEPT_MS = 30_000;
const KEPT_NAMES = 10_000;

interface HostRow {
  readonly reseller_id: string;
  readonly brand_id: string;
}

/** Which house a host name leads to. Answers, also "none", are kept for half a minute, for a bounded number of names. */
@Injectable()
export class Houses {
  private readonly kept = new Map<string, { readonly house: House | null; readonly until: number }>();

  constructor(
    private readonly doors: Doors,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** `host` as the Host header gives it; a port and a final dot are ignored. */
  async find(host: string | undefined): Promise<House | null> {
    const name = (host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
    if (!/^[a-z0-9.-]{1,253}$/.test(name)) return null;
    if (name === this.configuration.OPERATOR_HOST) return { kind: 'operator' };
    const now = this.clock.now().getTime();
    const known = this.kept.get(name);
    if (known && known.until > now) return known.house;
    const row = await this.doors.askOne<HostRow>('host', name);
    const house: House | null = row
      ? { kind: 'brand', resellerId: row.reseller_id, brandId: row.brand_id }
      : null;
    if (this.kept.size >= KEPT_NAMES) this.kept.clear();
    this.kept.set(name, { house, until: now + KEPT_MS });
    return house;
  }
}
