import type { DnsSandbox } from './dns-sandbox.js';

export const OUTSIDE_MAIL_HOST = 'mx.sandbox.example';

/** Domains of correspondents: mail to them ends in the sink. */
export const outsideDomains = ['elsewhere.example', 'far-away.example'] as const;

/** Gives the sink its name and its domains; more can be added the same way while the stack runs. */
export function publishOutside(dns: DnsSandbox, sinkAddress: string, domains: readonly string[]): void {
  dns.set(OUTSIDE_MAIL_HOST, 'A', [sinkAddress]);
  for (const domain of domains) {
    dns.set(domain, 'MX', [`10 ${OUTSIDE_MAIL_HOST}`]);
    dns.set(domain, 'TXT', [`v=spf1 ip4:${sinkAddress} -all`]);
  }
}
