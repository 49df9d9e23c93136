import { Injectable } from '@nestjs/common';
import { type DomainName, isWithin, judgeClaimable, parseDomainName } from '#libs/address';
import { Configuration } from '../../platform/config/config.module.js';
import type { DomainOwner } from './domain-owners.js';
import { refuse } from '../domains.errors.js';

/** Which names may be claimed at all, before it is asked who holds them. */
@Injectable()
export class ClaimableNames {
  constructor(private readonly configuration: Configuration) {}

  /** Reads a name as people write it. Throws the refusal that says what is wrong with it. */
  require(text: string): DomainName {
    const parsed = parseDomainName(text);
    if (!parsed.ok) throw refuse[parsed.reason]();
    const { CLAIMABLE_SPECIAL_NAMES: allowSpecial } = this.configuration;
    const judged = judgeClaimable(parsed.name, { allowSpecial });
    if (!judged.ok) throw refuse[judged.reason]();
    return parsed.name;
  }

  /** Refuses names under which we answer ourselves: whoever had mail there could be taken for us. */
  refuseReserved(name: DomainName, owner: DomainOwner): void {
    const ours = [owner.zone, owner.mailHost, this.configuration.OPERATOR_HOST];
    if (ours.some((host) => isWithin(name, host))) throw refuse.reserved();
  }
}
