import { Packet, type Resource } from 'dns2';
import {
  RECORD_TYPES,
  type AnswerCode,
  type RecordType,
  type SandboxAnswer,
  type SandboxRecord,
} from './zone-book.js';

/**
 * Nobody should remember an answer for long: what the sandbox says changes while it runs. Zero would be truer, but
 * some resolvers take it for "do not use".
 */
const TTL_SECONDS = 1;
const IN = 1;
const OPCODE_QUERY = 0;
const LARGEST_TEXT_BYTES = 255;

const rcodes = { noerror: 0, servfail: 2, nxdomain: 3 } as const satisfies Record<AnswerCode, number>;
const FORMERR = 1;
const NOTIMP = 4;

type Question = { readonly name: string; readonly type: RecordType | 'ANY' | null };
type Fields = Partial<Resource>;

/** The one question of a query, or the response code that refuses it. A type we do not know is null. */
export function readQuestion(request: Packet): Question | number {
  const [question, ...others] = request.questions;
  if (request.header.opcode !== OPCODE_QUERY) return NOTIMP;
  if (question === undefined || others.length > 0) return FORMERR;
  if (question.type === Packet.TYPE.ANY) return { name: question.name, type: 'ANY' };
  const type = RECORD_TYPES.find((each) => Packet.TYPE[each] === question.type) ?? null;
  return { name: question.name, type };
}

export function renderRefusal(request: Packet, code: number): Packet {
  const response = Packet.createResponseFromRequest(request);
  response.header.rcode = code;
  return response;
}

export function renderAnswer(request: Packet, answer: SandboxAnswer): Packet {
  const response = renderRefusal(request, rcodes[answer.code]);
  response.header.aa = 1;
  // Postfix and others ask us as their recursive resolver; for the names there are, we are one.
  response.header.ra = 1;
  response.answers = answer.answers.map(renderRecord);
  response.authorities = answer.authority.map(renderRecord);
  // A server that was asked with EDNS answers with it (RFC 6891 §6.1.1).
  const askedWithEdns = request.additionals.some((each) => each.type === Packet.TYPE.EDNS);
  if (askedWithEdns) response.additionals = [Packet.Resource.EDNS([])];
  return response;
}

function renderRecord(record: SandboxRecord): Resource {
  const header = { name: record.name, type: Packet.TYPE[record.type], class: IN, ttl: TTL_SECONDS };
  return new Packet.Resource({ ...header, ...fieldsOf[record.type](record.value) });
}

const target = (name: string | undefined): string => (name ?? '').replace(/\.$/, '');

const fieldsOf: Record<RecordType, (value: string) => Fields> = {
  A: (value) => ({ address: value }),
  AAAA: (value) => ({ address: value }),
  CNAME: (value) => ({ domain: target(value) }),
  PTR: (value) => ({ domain: target(value) }),
  NS: (value) => ({ ns: target(value) }),
  TXT: (value) => ({ data: characterStrings(value) }),
  MX: (value) => {
    const [priority, exchange] = words(value);
    return { priority: Number(priority), exchange: target(exchange) };
  },
  SRV: (value) => {
    const [priority, weight, port, host] = words(value);
    return { priority: Number(priority), weight: Number(weight), port: Number(port), target: target(host) };
  },
  CAA: (value) => {
    const [flags, tag, ...rest] = words(value);
    return { flags: Number(flags), tag: tag ?? '', value: rest.join(' ').replaceAll('"', '') };
  },
  SOA: (value) => {
    const [primary, admin, ...numbers] = words(value);
    const [serial, refresh, retry, expiration] = numbers.map(Number);
    return {
      primary: target(primary),
      admin: target(admin),
      serial: serial ?? 1,
      refresh: refresh ?? 60,
      retry: retry ?? 60,
      expiration: expiration ?? 3600,
      // How long an absence is remembered, whatever the zone says: as short as everything else.
      minimum: TTL_SECONDS,
    };
  },
};

const words = (value: string): readonly string[] => value.trim().split(/\s+/);

/** A TXT record is a row of strings of 255 octets at most (RFC 1035 §3.3.14); a DKIM key needs two. */
export function characterStrings(text: string): string[] {
  const strings: string[] = [];
  let current = '';
  for (const character of text) {
    if (Buffer.byteLength(current + character) > LARGEST_TEXT_BYTES) {
      strings.push(current);
      current = '';
    }
    current += character;
  }
  return [...strings, current];
}
