/**
 * Every port of one stack, in one table: an offset above the stack's base. Where a service has a well-known
 * number the offset ends in it (443 becomes 20443), so that a port can be guessed from its trade name.
 */
export const PORT_SPAN = 1000;

interface PortUse {
  readonly offset: number;
  /** Said to a person when the port is taken. */
  readonly what: string;
}

const portUses = {
  lmtp: { offset: 24, what: 'delivery into mailboxes' },
  mx: { offset: 25, what: 'incoming mail' },
  reinject: { offset: 26, what: 'mail the store sends again (forwards and replies)' },
  notices: { offset: 27, what: 'system mail' },
  lmtpNotices: { offset: 28, what: 'delivery of system mail' },
  dns: { offset: 53, what: 'the DNS sandbox' },
  dnsControl: { offset: 54, what: 'changing the DNS sandbox' },
  sinkControl: { offset: 55, what: 'reading what left for the sandbox Internet' },
  pop3: { offset: 110, what: 'POP3' },
  imap: { offset: 143, what: 'IMAP' },
  sieve: { offset: 190, what: 'ManageSieve' },
  rspamdMilter: { offset: 332, what: 'the mail filter' },
  rspamdController: { offset: 334, what: 'the mail filter’s control' },
  redis: { offset: 379, what: 'Redis' },
  postgres: { offset: 432, what: 'Postgres' },
  web: { offset: 443, what: 'web pages' },
  submissions: { offset: 465, what: 'sending mail over TLS' },
  submission: { offset: 587, what: 'sending mail' },
  quotaStatus: { offset: 801, what: 'asking whether a mailbox is full' },
  sasl: { offset: 802, what: 'sign-in for sending' },
  policy: { offset: 803, what: 'the mail policy service' },
  signInPolicy: { offset: 804, what: 'the sign-in policy service' },
  doveadmHttp: { offset: 808, what: 'the mail store’s control' },
  webOperations: { offset: 901, what: 'health and metrics of web' },
  workerOperations: { offset: 902, what: 'health and metrics of worker' },
  agentOperations: { offset: 903, what: 'health and metrics of agent' },
  policyOperations: { offset: 904, what: 'health and metrics of policy' },
  imaps: { offset: 993, what: 'IMAP over TLS' },
  pop3s: { offset: 995, what: 'POP3 over TLS' },
} as const satisfies Record<string, PortUse>;

type PortName = keyof typeof portUses;
export type Ports = Readonly<Record<PortName, number>>;

export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly what: string;
}

const LOWEST_BASE = 1024;
/** Linux gives 32768 and up to outgoing connections: a port from there may be in use at any moment. */
const FIRST_EPHEMERAL_PORT = 32_768;
const HIGHEST_BASE = FIRST_EPHEMERAL_PORT - PORT_SPAN;

/** @throws RangeError when the base leaves no room for the table between 1024 and the ports of outgoing connections. */
export function portsFrom(base: number): Ports {
  if (!Number.isInteger(base) || base < LOWEST_BASE || base > HIGHEST_BASE) {
    throw new RangeError(
      `LIVERY_PORT_BASE must be a whole number from ${LOWEST_BASE} to ${HIGHEST_BASE}: the stack uses the ${PORT_SPAN} ports from there on.`,
    );
  }
  const entries = Object.entries(portUses).map(([name, use]) => [name, base + use.offset]);
  return Object.fromEntries(entries) as Record<PortName, number>;
}

/** Everything the stack will listen on; the sandbox Internet keeps the real ports 53 and 25 on its own address. */
export function listenersOf(ports: Ports, sandboxAddress: string): readonly Listener[] {
  const onLoopback = Object.entries(portUses).map(([name, use]) => ({
    address: '127.0.0.1',
    port: ports[name as PortName],
    what: use.what,
  }));
  return [
    ...onLoopback,
    { address: sandboxAddress, port: 53, what: 'the DNS sandbox' },
    { address: sandboxAddress, port: 25, what: 'mail to the sandbox Internet' },
  ];
}
