import type { Zone } from '#libs/dns';

/** Where the brands' zones go, for name servers to read. */
export abstract class ZonePublisher {
  /** What is published under the name, or null when nothing is, or nothing legible. */
  abstract find(origin: string): Promise<Zone | null>;

  /** Replaces the zone as a whole; readers see the old one or the new one. */
  abstract publish(zone: Zone): Promise<void>;
}
