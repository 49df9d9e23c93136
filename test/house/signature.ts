import { promises as dns } from 'node:dns';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { SunkMessage } from '../../src/stack/internet/sink-mail.js';

export interface SeenSignature {
  readonly domain: string;
  readonly selector: string;
  readonly result: string;
}

/** Every DKIM signature of a message, checked by somebody else's code against the sandbox's DNS. */
export const verifySignature = async (message: SunkMessage, dnsAddress: string): Promise<SeenSignature[]> => {
  const resolver = new dns.Resolver();
  resolver.setServers([dnsAddress]);
  const { results } = await dkimVerify(message.content, {
    resolver: async (name: string) => resolver.resolveTxt(name),
  });
  return results.map(({ signingDomain, selector, status }) => ({
    domain: signingDomain,
    selector: selector ?? '',
    result: status.result,
  }));
};
