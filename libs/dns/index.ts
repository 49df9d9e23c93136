/*
 * DNS for mail domains: a port that asks, with a Node adapter and a fake; the records a domain should have, the check
 * of what it has, SPF (RFC 7208) and zone text (RFC 1035 §5).
 * "Nobody answered" is never "not there": every answer is found, absent or unknown, and unknown decides nothing.
 * It changes no zone, keeps no cache and does not validate DNSSEC (it asks the zone's own servers instead).
 */
export * from './brand-zone.js';
export * from './domain-check.js';
export * from './fake-resolver.js';
export * from './node-resolver.js';
export * from './public-address.js';
export type { Answer, RecordType, Resolver, UnknownReason } from './resolver.js';
export * from './spf.js';
export * from './wanted-records.js';
export * from './zone-text.js';
