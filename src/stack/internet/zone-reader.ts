import { RECORD_TYPES, type RecordType, type SandboxRecord } from './zone-book.js';

/** One piece of a line of a master file (RFC 1035 §5.1): a bare word, or a quoted string without its quotes. */
interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

interface Place {
  origin: string;
  owner: string;
}

const nameFields: Partial<Record<RecordType, readonly number[]>> = {
  CNAME: [0],
  PTR: [0],
  NS: [0],
  MX: [1],
  SRV: [3],
  SOA: [0, 1],
};

/**
 * The records of a master file: $ORIGIN and $TTL, relative names, @, an owner left out, parentheses, comments and
 * quoted strings. Record types the sandbox does not serve are left out. @throws naming the line that makes no sense.
 */
export function readZone(text: string): readonly SandboxRecord[] {
  const place: Place = { origin: '', owner: '' };
  return logicalLines(text).flatMap((line) => readLine(line, place));
}

function readLine(line: string, place: Place): readonly SandboxRecord[] {
  const tokens = tokensOf(line);
  const words = tokens.map((token) => token.text);
  if (words[0] === '$ORIGIN') place.origin = absolute(words[1] ?? '', '');
  if (words.length === 0 || words[0]?.startsWith('$') === true) return [];
  if (!/^\s/.test(line)) place.owner = absolute(words[0] ?? '', place.origin);
  const typeAt = tokens.findIndex((token, index) => {
    return (
      (index > 0 || /^\s/.test(line)) &&
      !token.quoted &&
      /^[A-Z]+\d*$/i.test(token.text) &&
      !isClass(token.text)
    );
  });
  if (typeAt < 0 || typeAt === tokens.length - 1) throw new Error(`not a record: ${line.trim()}`);
  const type = RECORD_TYPES.find((each) => each === words[typeAt]?.toUpperCase());
  if (type === undefined) return [];
  return [{ name: place.owner, type, value: valueOf(type, tokens.slice(typeAt + 1), place.origin) }];
}

function valueOf(type: RecordType, tokens: readonly Token[], origin: string): string {
  if (type === 'TXT') return tokens.map((token) => token.text).join('');
  const names = nameFields[type] ?? [];
  return tokens.map(({ text }, index) => (names.includes(index) ? absolute(text, origin) : text)).join(' ');
}

const isClass = (word: string): boolean => ['IN', 'CH', 'HS'].includes(word.toUpperCase());

/** Without the dot at the end, since everything the sandbox holds is absolute. */
function absolute(name: string, origin: string): string {
  if (name === '@') return origin;
  if (name.endsWith('.')) return name.slice(0, -1);
  return origin === '' ? name : `${name}.${origin}`;
}

/** Comments gone, and what stands in parentheses drawn together into one line. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/("(?:[^"\\]|\\.)*")|;.*$/g, (_, quoted: string | undefined) => quoted ?? '');
    const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '');
    if (open > 0) lines[lines.length - 1] += ` ${line}`;
    else lines.push(line);
    open += (bare.match(/\(/g)?.length ?? 0) - (bare.match(/\)/g)?.length ?? 0);
  }
  if (open !== 0) throw new Error('a parenthesis is not closed');
  return lines.filter((line) => line.trim() !== '');
}

function tokensOf(line: string): readonly Token[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s()"]+)/g)].map(([, quoted, word]) => {
    if (quoted === undefined) return { text: word ?? '', quoted: false };
    return { text: unescape(quoted), quoted: true };
  });
}

/** `\"`, `\\` and `\DDD` (RFC 1035 §5.1). */
function unescape(text: string): string {
  return text.replace(/\\(\d{3})|\\(.)/g, (_, decimal: string | undefined, plain: string | undefined) => {
    return decimal === undefined ? (plain ?? '') : String.fromCharCode(Number(decimal));
  });
}
