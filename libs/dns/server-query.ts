import { Resolver as NodeResolver } from 'node:dns/promises';
import { type Answer, found, type RecordType, unknown, type UnknownReason } from './resolver.js';

/** How long one server is waited for: `timeoutMs` for the first try, longer for each of the following `tries`. */
export interface Patience {
  readonly timeoutMs: number;
  readonly tries: number;
}

type Questions = Record<RecordType, (node: NodeResolver, name: string) => Promise<string[]>>;

const questions: Questions = {
  TXT: async (node, name) => (await node.resolveTxt(name)).map((strings) => strings.join('')),
  CNAME: (node, name) => node.resolveCname(name),
  MX: async (node, name) =>
    (await node.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
  NS: (node, name) => node.resolveNs(name),
  A: (node, name) => node.resolve4(name),
  AAAA: (node, name) => node.resolve6(name),
};

/** Asks one server ("ip:port"); large answers come by TCP, whose length field ends them at 64 KB. */
export async function askServer(
  server: string,
  type: RecordType,
  name: string,
  patience: Patience,
): Promise<Answer> {
  try {
    return found(type, await questions[type](nodeResolver(server, patience), name));
  } catch (error) {
    return answerOf(error);
  }
}

/**
 * Does this server hold the zone? An "absent" of one that does not is worthless: servers left in a delegation by
 * mistake may refer upwards with an empty answer, which looks the same.
 */
export async function holdsZone(server: string, zone: string, patience: Patience): Promise<boolean> {
  try {
    await nodeResolver(server, patience).resolveSoa(zone);
    return true;
  } catch (error) {
    requireCode(error);
    return false;
  }
}

function nodeResolver(server: string, { timeoutMs, tries }: Patience): NodeResolver {
  const node = new NodeResolver({ timeout: timeoutMs, tries });
  node.setServers([server]);
  return node;
}

const reasons: Record<string, UnknownReason> = {
  ETIMEOUT: 'timeout',
  ECANCELLED: 'timeout',
  ESERVFAIL: 'server-failure',
  ENOTIMP: 'server-failure',
  EREFUSED: 'refused',
  ECONNREFUSED: 'refused',
};

/** c-ares tells NXDOMAIN (ENOTFOUND) and an empty answer (ENODATA) from everything that went wrong. */
function answerOf(error: unknown): Answer {
  const code = requireCode(error);
  if (code === 'ENOTFOUND' || code === 'ENODATA') return { outcome: 'absent' };
  return unknown(reasons[code] ?? 'malformed');
}

/** The code of a DNS failure; throws again what is a mistake of ours (ERR_…) and not the network's. */
function requireCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  if (error.code.startsWith('ERR_')) throw error;
  return error.code;
}
