import { type Answer, authoritativeFirst, type RecordType, type Resolver } from '#libs/dns';
import type { Configuration } from '../../platform/config/config.module.js';

/** How checks ask DNS, injected so that a test can say what the world's zones hold. */
export abstract class DomainResolver implements Resolver {
  abstract lookup(type: RecordType, name: string): Promise<Answer>;
}

/** Asks the zone's own servers first, then the resolvers of the configuration. */
export const resolverFor = (configuration: Configuration): DomainResolver =>
  authoritativeFirst({
    resolvers: configuration.DNS_RESOLVERS,
    allowPrivate: configuration.DNS_ALLOW_PRIVATE,
    timeoutMs: 2_000,
    tries: 2,
  });
