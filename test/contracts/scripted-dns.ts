import type { AddressInfo } from 'node:net';
import dns2, { Packet } from 'dns2';
import type { FakeRecords } from '#libs/dns';

const SERVFAIL = 2;
const NXDOMAIN = 3;
const SOA = {
  primary: 'ns.acme.test',
  admin: 'hostmaster.acme.test',
  serial: 1,
  refresh: 60,
  retry: 60,
  expiration: 60,
  minimum: 60,
};

type Resource = Packet['answers'][number];

/** A DNS server on a loopback port whose zone is data; `zone` null plays a server that holds no zone. */
export interface ScriptedDns {
  readonly address: string;
  readonly port: number;
  /** Every question it was asked, as "TYPE name". */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function serveRecords(zone: string | null, records: FakeRecords): Promise<ScriptedDns> {
  const asked: string[] = [];
  const server = dns2.createServer({
    udp: true,
    tcp: true,
    handle: (request, send) => {
      const [question] = request.questions;
      if (question === undefined) return;
      const type = typeName(question.type);
      asked.push(`${type} ${question.name.toLowerCase()}`);
      void send(respond(request, type, question.name.toLowerCase(), { zone, records }));
    },
  });
  const port = await listenOnBoth(server);
  return { address: `127.0.0.1:${port}`, port, asked, close: () => server.close() };
}

/** UDP and TCP must share a port: TCP takes one, UDP follows. */
async function listenOnBoth(server: ReturnType<typeof dns2.createServer>): Promise<number> {
  const port = await freePort();
  await server.listen({ udp: { port, address: '127.0.0.1' }, tcp: { port, address: '127.0.0.1' } });
  return port;
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

interface Script {
  readonly zone: string | null;
  readonly records: FakeRecords;
}

function respond(request: Packet, type: string, name: string, { zone, records }: Script): Packet {
  const response = Packet.createResponseFromRequest(request);
  if ((records.failing ?? []).some((failing) => failing.toLowerCase() === `${type} ${name}`.toLowerCase())) {
    response.header.rcode = SERVFAIL;
    return response;
  }
  if (zone === null) return response;
  response.header.aa = 1;
  if (type === 'SOA' && name === zone) response.answers.push(resource(name, 'SOA', SOA));
  const answers = lookIn(records, type, name);
  const alias = answers.length === 0 ? lookIn(records, 'CNAME', name) : [];
  response.answers.push(...answers, ...alias);
  const isKnown = Object.keys(records).some((key) => key.toLowerCase().endsWith(` ${name}`));
  if (!isKnown && response.answers.length === 0) response.header.rcode = NXDOMAIN;
  return response;
}

function lookIn(records: FakeRecords, type: string, name: string): Resource[] {
  const entry = Object.entries(records).find(
    ([key]) => key.toLowerCase() === `${type} ${name}`.toLowerCase(),
  );
  return (entry?.[1] ?? []).map((value: string) => resource(name, type, content(type, value)));
}

function content(type: string, value: string): Partial<Resource> {
  const host = (text: string): string => text.replace(/\.$/, '');
  if (type === 'TXT') return { data: value.match(/[^]{1,255}/g) ?? [''] };
  if (type === 'A' || type === 'AAAA') return { address: value };
  if (type === 'NS') return { ns: host(value) };
  if (type === 'CNAME') return { domain: host(value) };
  const [priority = '', exchange = ''] = value.split(' ');
  return { priority: Number(priority), exchange: host(exchange) };
}

function resource(name: string, type: string, rest: Partial<Resource>): Resource {
  return { name, type: typeNumber(type), class: Packet.CLASS.IN, ttl: 1, ...rest } as Resource;
}

function typeNumber(type: string): number {
  return new Map<string, number>(Object.entries(Packet.TYPE)).get(type) ?? 0;
}

function typeName(type: number): string {
  return Object.entries(Packet.TYPE).find(([, number]) => number === type)?.[0] ?? String(type);
}
