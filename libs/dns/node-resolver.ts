import { isIPv6 } from 'node:net';
import { isPublicAddress } from './public-address.js';
import { type Answer, lookupThroughAliases, type RecordType, type Resolver, unknown } from './resolver.js';
import { askServer, holdsZone, type Patience } from './server-query.js';

export interface AuthoritativeFirstSettings extends Patience {
  /** Recursive resolvers as "ip:port". Of three, two must agree; one alone is believed. */
  readonly resolvers: readonly string[];
  /** Lets zones name servers at private and loopback addresses. Only for a sandbox. */
  readonly allowPrivate: boolean;
  /** Where zones' servers listen; 53 unless a sandbox says otherwise. */
  readonly authoritativePort?: number;
  /** The longest a lookup may take with all its steps; 20 s unless given. */
  readonly deadlineMs?: number;
}

interface Zone {
  readonly name: string;
  readonly servers: readonly string[];
}

const MOST_SERVERS = 4;

/**
 * A resolver that asks the servers of the zone themselves, so that it sees a record the moment it is published or
 * withdrawn, past every cache. When none of them gives a usable answer, the recursive resolvers are asked
 * and a majority must agree.
 */
export function authoritativeFirst(settings: AuthoritativeFirstSettings): Resolver {
  return {
    async lookup(type, name) {
      const search = new Search(settings);
      const deadline = expire(settings.deadlineMs ?? 20_000);
      const answer = lookupThroughAliases(type, name, (asked, at) => search.ask(asked, at));
      return Promise.race([answer, deadline.answer]).finally(deadline.cancel);
    },
  };
}

/** One lookup with what it has learned about zones on the way. */
class Search {
  private readonly zones = new Map<string, Promise<Zone | null>>();

  constructor(private readonly settings: AuthoritativeFirstSettings) {}

  async ask(type: RecordType, name: string): Promise<Answer> {
    const zone = await this.zoneOf(name);
    const answer = zone === null ? unknown('no-server') : await this.askZone(zone, type, name);
    return answer.outcome === 'unknown' ? this.askRecursive(type, name) : answer;
  }

  private async askZone(zone: Zone, type: RecordType, name: string): Promise<Answer> {
    for (const server of zone.servers) {
      const answer = await askServer(server, type, name, this.settings);
      if (answer.outcome === 'found') return answer;
      if (answer.outcome === 'absent' && (await holdsZone(server, zone.name, this.settings))) return answer;
    }
    return unknown('no-server');
  }

  private async zoneOf(name: string): Promise<Zone | null> {
    const known = this.zones.get(name) ?? this.findZone(name);
    this.zones.set(name, known);
    return known;
  }

  /** The closest name upwards that has servers of its own; null when that cannot be learned. */
  private async findZone(name: string): Promise<Zone | null> {
    const labels = name.split('.');
    for (const [index] of labels.entries()) {
      const candidate = labels.slice(index).join('.');
      const servers = await this.askRecursive('NS', candidate);
      if (servers.outcome === 'unknown') return null;
      if (servers.outcome === 'absent') continue;
      // Recursive resolvers follow aliases: these may be the servers of what the name points at.
      const alias = await this.askRecursive('CNAME', candidate);
      if (alias.outcome === 'unknown') return null;
      if (alias.outcome === 'found') continue;
      return { name: candidate, servers: await this.addressesOf(servers.values) };
    }
    return null;
  }

  private async addressesOf(hosts: readonly string[]): Promise<string[]> {
    const { allowPrivate, authoritativePort = 53 } = this.settings;
    const found = await Promise.all(hosts.slice(0, MOST_SERVERS).map((host) => this.addressesOfHost(host)));
    return found
      .flat()
      .filter((address) => allowPrivate || isPublicAddress(address))
      .slice(0, MOST_SERVERS)
      .map((address) => (isIPv6(address) ? `[${address}]` : address) + `:${authoritativePort}`);
  }

  /** Any resolver is believed here: a wrong server cannot show that it holds the zone, or lies as it could anyway. */
  private async addressesOfHost(host: string): Promise<readonly string[]> {
    for (const type of ['A', 'AAAA'] as const)
      for (const resolver of this.settings.resolvers) {
        const answer = await askServer(resolver, type, host, this.settings);
        if (answer.outcome === 'found') return answer.values;
        if (answer.outcome === 'absent') break;
      }
    return [];
  }

  private async askRecursive(type: RecordType, name: string): Promise<Answer> {
    const { resolvers } = this.settings;
    const answers = await Promise.all(
      resolvers.map((resolver) => askServer(resolver, type, name, this.settings)),
    );
    return (
      majority(answers) ?? answers.find(({ outcome }) => outcome === 'unknown') ?? unknown('disagreement')
    );
  }
}

/** The answer more than half of the servers gave, whatever the order of its values; null when there is none. */
function majority(answers: readonly Answer[]): Answer | null {
  const votes = new Map<string, number>();
  for (const answer of answers) {
    if (answer.outcome === 'unknown') continue;
    const ballot = answer.outcome === 'found' ? JSON.stringify(answer.values.toSorted()) : 'absent';
    const count = (votes.get(ballot) ?? 0) + 1;
    if (count > answers.length / 2) return answer;
    votes.set(ballot, count);
  }
  return null;
}

function expire(deadlineMs: number): { answer: Promise<Answer>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(unknown('timeout')), deadlineMs);
  });
  return { answer, cancel: () => clearTimeout(timer) };
}
