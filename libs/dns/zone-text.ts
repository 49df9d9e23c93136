import { isIPv4, isIPv6 } from 'node:net';
import type { RecordType } from './resolver.js';

/** A record by its absolute name, lower case, without trailing dot; `value` as the `Resolver` port writes it. */
export interface ZoneRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly value: string;
  /** The zone's own when not given. */
  readonly ttlSeconds?: number;
}

export interface Zone {
  readonly origin: string;
  readonly ttlSeconds: number;
  readonly serial: number;
  readonly soa: ZoneAuthority;
  readonly records: readonly ZoneRecord[];
}

/** SOA timers are seconds (RFC 1035 §3.3.13); `negativeSeconds` is how long an absence is remembered (RFC 2308). */
export interface ZoneAuthority {
  readonly primary: string;
  /** A mail address whose local part may hold dots. */
  readonly contact: string;
  readonly refreshSeconds: number;
  readonly retrySeconds: number;
  readonly expireSeconds: number;
  readonly negativeSeconds: number;
}

// Strict on purpose: a line break or a semicolon in a name would write records of its own.
const NAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** A zone as master file text (RFC 1035 §5.1), every name absolute. Throws a RangeError for what it cannot hold. */
export function renderZone(zone: Zone): string {
  const { soa, serial } = zone;
  const timers = [serial, soa.refreshSeconds, soa.retrySeconds, soa.expireSeconds, soa.negativeSeconds];
  const authority = [host(soa.primary), mailbox(soa.contact), ...timers.map(number)].join(' ');
  return [
    `$ORIGIN ${host(zone.origin)}`,
    `$TTL ${number(zone.ttlSeconds)}`,
    `${host(zone.origin)} IN SOA ${authority}`,
    renderRecords(zone.records),
  ].join('\n');
}

/** Records alone as master file text, to be added to a zone kept elsewhere. */
export function renderRecords(records: readonly ZoneRecord[]): string {
  return records.map((record) => `${renderRecord(record)}\n`).join('');
}

/** Reads what `renderZone` writes, blank lines and lines of comment besides. Throws a SyntaxError with the line. */
export function parseZone(text: string): Zone {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith(';'));
  const [origin = '', ttl = '', authority = '', ...records] = lines;
  const [, zoneName] = match(origin, /^\$ORIGIN (\S+)\.$/);
  const [, ttlSeconds] = match(ttl, /^\$TTL (\d+)$/);
  const [, primary = '', contact = '', timers = ''] = match(
    authority,
    /^\S+ IN SOA (\S+)\. (\S+)\. ((?:\d+ ?){5})$/,
  );
  const [serial = 0, refreshSeconds = 0, retrySeconds = 0, expireSeconds = 0, negativeSeconds = 0] = timers
    .split(' ')
    .map(Number);
  const timing = { refreshSeconds, retrySeconds, expireSeconds, negativeSeconds };
  return {
    origin: zoneName ?? '',
    ttlSeconds: Number(ttlSeconds),
    serial,
    soa: { primary, contact: readMailbox(contact), ...timing },
    records: records.map((line) => parseRecord(line)),
  };
}

function renderRecord({ name, type, value, ttlSeconds }: ZoneRecord): string {
  const ttl = ttlSeconds === undefined ? '' : `${number(ttlSeconds)} `;
  return `${host(name)} ${ttl}IN ${type} ${renderValue(type, value)}`;
}

function parseRecord(line: string): ZoneRecord {
  const [, name = '', ttl, type, value = ''] = match(
    line,
    /^(\S+)\. (?:(\d+) )?IN (TXT|CNAME|MX|NS|A|AAAA) (.+)$/,
  );
  const record = { name, type: type as RecordType, value: parseValue(type as RecordType, value) };
  return ttl === undefined ? record : { ...record, ttlSeconds: Number(ttl) };
}

function renderValue(type: RecordType, value: string): string {
  if (type === 'TXT') return quoteStrings(value);
  if (type === 'CNAME' || type === 'NS') return host(value);
  if (type === 'MX') {
    const [preference = '', exchange = ''] = value.split(' ');
    return `${number(Number(preference || Number.NaN))} ${exchange === '.' ? '.' : host(exchange)}`;
  }
  const fits = type === 'A' ? isIPv4(value) : isIPv6(value);
  return fits ? value : refuse(value);
}

function parseValue(type: RecordType, value: string): string {
  if (type === 'TXT') return unquoteStrings(value);
  return value.endsWith(' .') ? value : value.replace(/\.$/, '');
}

/** Strings of at most 255 bytes (RFC 1035 §3.3); what is not plain ASCII as \DDD of its UTF-8 bytes. */
function quoteStrings(text: string): string {
  const bytes = Buffer.from(text);
  const count = Math.max(1, Math.ceil(bytes.length / 255));
  const strings = Array.from({ length: count }, (_, index) => bytes.subarray(index * 255, (index + 1) * 255));
  return strings.map((string) => `"${Array.from(string, (byte) => escapeByte(byte)).join('')}"`).join(' ');
}

function escapeByte(byte: number): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, '0')}`;
  const character = String.fromCharCode(byte);
  return character === '"' || character === '\\' ? `\\${character}` : character;
}

function unquoteStrings(text: string): string {
  const strings = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, string = '']) => string);
  const bytes = [...strings.join('').matchAll(/\\(\d{3})|\\?([^])/g)].map(([, code, character = '']) =>
    code === undefined ? character.charCodeAt(0) : Number(code),
  );
  return Buffer.from(bytes).toString('utf8');
}

function host(name: string): string {
  return NAME.test(name) && name.length <= 253 ? `${name}.` : refuse(name);
}

/** A mail address as a name: the local part is one label, its dots escaped (RFC 1035 §8). */
function mailbox(address: string): string {
  const [, localPart = '', domain = ''] = /^([a-z0-9._-]+)@(.+)$/.exec(address) ?? refuse(address);
  return `${localPart.replaceAll('.', '\\.')}.${host(domain)}`;
}

function readMailbox(name: string): string {
  const [, localPart = '', domain = ''] = match(name, /^((?:[^.\\]|\\.)+)\.(.+)$/);
  return `${localPart.replaceAll('\\.', '.')}@${domain}`;
}

function number(value: number): string {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? String(value) : refuse(String(value));
}

function refuse(value: string): never {
  throw new RangeError(`A zone cannot hold ${JSON.stringify(value)}`);
}

function match(line: string, pattern: RegExp): RegExpExecArray {
  const found = pattern.exec(line);
  if (found === null) throw new SyntaxError(`Not a line of a zone: ${line}`);
  return found;
}
