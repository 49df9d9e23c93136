import { isIPv4, isIPv6 } from 'node:net';
import type { DomainName } from '#libs/address';
import type { ZoneRecord } from './zone-text.js';

export interface BrandZoneInput {
  readonly zone: DomainName;
  /** Hosts that serve the zone. */
  readonly nameServers: readonly string[];
  /** IP addresses at which the nodes take mail in. */
  readonly mxAddresses: readonly string[];
  /** IP addresses from which the nodes send mail out. */
  readonly senderAddresses: readonly string[];
  readonly dkimKeys: readonly BrandDkimKey[];
}

export interface BrandDkimKey {
  readonly selector: string;
  /** `dkimLabel` of the domain that signs with it. */
  readonly label: string;
  readonly publicKeyBase64: string;
}

/**
 * What the brand's zone holds so that the records of its tenants lead somewhere: `mx`, `_spf` and a DKIM key
 * (RFC 6376 §3.6.1) per selector and domain. Throws a RangeError for an address that is none.
 */
export function brandZoneRecords(input: BrandZoneInput): ZoneRecord[] {
  const { zone } = input;
  // "-all" ends our own record; in an include only a match counts, so the owner's own "all" decides (RFC 7208 §5.2).
  const spf = ['v=spf1', ...input.senderAddresses.map((address) => spfMechanism(address)), '-all'].join(' ');
  return [
    ...input.nameServers.map((host): ZoneRecord => ({ name: zone, type: 'NS', value: host })),
    ...input.mxAddresses.map((address) => addressRecord(`mx.${zone}`, address)),
    { name: `_spf.${zone}`, type: 'TXT', value: spf },
    ...input.dkimKeys.map(({ selector, label, publicKeyBase64 }): ZoneRecord => {
      const name = `${selector}.${label}.dkim.${zone}`;
      return { name, type: 'TXT', value: `v=DKIM1; k=rsa; p=${publicKeyBase64}` };
    }),
  ];
}

function addressRecord(name: string, address: string): ZoneRecord {
  return { name, type: family(address) === 4 ? 'A' : 'AAAA', value: address };
}

function spfMechanism(address: string): string {
  return `ip${family(address)}:${address}`;
}

function family(address: string): 4 | 6 {
  if (isIPv4(address)) return 4;
  if (isIPv6(address)) return 6;
  throw new RangeError(`Not an IP address: ${address}`);
}
