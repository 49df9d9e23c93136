import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/config/clock.js';
import { Doors } from '../../platform/database/doors.js';
import { Refusal } from '../../platform/http/refusal.js';
import { Log } from '../../platform/logging/log.js';
import { inScopeOf, type OwnedRow, Sweep } from '../../platform/schedules/sweep.js';
import { ChecksService } from './checks.service.js';

/** Questions to strangers' name servers at one time. */
const AT_ONCE = 8;
/** After this no further claim is begun: slow name servers must not keep other sweeps waiting. */
const LONGEST_MS = 45_000;

interface WaitingClaim extends OwnedRow {
  readonly domain_id: string;
}

/** Looks for the proofs of claims that wait. The door gives those that are due: the older a claim, the rarer. */
@Injectable()
export class ClaimsSweep {
  private readonly log = new Log('Claims');

  constructor(
    private readonly doors: Doors,
    private readonly checks: ChecksService,
    private readonly clock: Clock,
  ) {}

  @Sweep({ name: 'claims', everySeconds: 60 })
  async recheckWaiting(): Promise<void> {
    const begunAt = this.clock.now().getTime();
    const due = await this.doors.ask<WaitingClaim>('waiting_claims', this.clock.now());
    // All workers take from one iterator, so that each claim is taken once.
    const queue = due.values();
    const work = async (): Promise<void> => {
      for (const claim of queue) {
        if (this.clock.now().getTime() - begunAt > LONGEST_MS) return;
        await this.recheck(claim);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async recheck(claim: WaitingClaim): Promise<void> {
    try {
      await inScopeOf(claim, 'sweep claims', () => this.checks.recheck(claim.domain_id));
    } catch (thrown) {
      // Released while it was asked about. Anything else is a fault of ours, and no reason to leave the others.
      if (!(thrown instanceof Refusal)) this.log.error('A claim could not be checked', thrown);
    }
  }
}
