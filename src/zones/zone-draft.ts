import type { DomainName } from '#libs/address';
import { type BrandDkimKey, brandZoneRecords, renderZone, type Zone } from '#libs/dns';

/** A zone that has no number yet. */
export type ZoneDraft = Omit<Zone, 'serial'>;

export interface ZoneFacts {
  readonly zone: DomainName;
  readonly nameServerAddresses: readonly string[];
  readonly mailAddresses: readonly string[];
  readonly dkimKeys: readonly BrandDkimKey[];
}

/**
 * The zone of a brand. Name servers, contact and mail hosts are named inside it, so that no other firm's name is seen
 * by whoever looks it up.
 */
export const draftZone = ({ zone, nameServerAddresses, mailAddresses, dkimKeys }: ZoneFacts): ZoneDraft => {
  const nameServers = nameServerAddresses.map((address, index) => ({
    host: `ns${index + 1}.${zone}`,
    address,
  }));
  const records = brandZoneRecords({
    zone,
    nameServers: nameServers.map(({ host }) => host),
    mxAddresses: mailAddresses,
    senderAddresses: mailAddresses,
    dkimKeys,
  });
  const glue = nameServers.map(({ host, address }) => ({
    name: host,
    type: address.includes(':') ? ('AAAA' as const) : ('A' as const),
    value: address,
  }));
  return {
    origin: zone,
    ttlSeconds: 300,
    soa: {
      primary: `ns1.${zone}`,
      contact: `hostmaster@${zone}`,
      refreshSeconds: 3_600,
      retrySeconds: 600,
      expireSeconds: 14 * 86_400,
      negativeSeconds: 60,
    },
    records: [...records, ...glue],
  };
};

/**
 * The draft with its serial: that of `before` when both say the same, otherwise a greater one. Serials are seconds of
 * Unix time, so that they grow even when the earlier file is lost; two changes in one second count on.
 */
export const numberZone = (draft: ZoneDraft, before: Zone | null, now: Date): Zone => {
  const seconds = Math.floor(now.getTime() / 1_000);
  if (before === null) return { ...draft, serial: seconds };
  const unchanged = { ...draft, serial: before.serial };
  if (renderZone(unchanged) === renderZone(before)) return unchanged;
  return { ...draft, serial: Math.max(before.serial + 1, seconds) };
};
