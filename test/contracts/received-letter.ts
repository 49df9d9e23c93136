import type { Correspondent, Letter } from '../../src/notices/notices.sender.js';

/** Reads a message of one text and one HTML part back into the letter it was made from (RFC 5322, 2045, 2047). */
export const readLetter = (raw: string): Letter => {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(header(headers, 'content-type'))?.[1] ?? '';
  const [, text = '', html = ''] = body.split(`--${boundary}`).map((part) => decodePart(part.trimStart()));
  return {
    messageId: header(headers, 'message-id').replaceAll(/[<>]/g, ''),
    from: correspondent(header(headers, 'from')),
    replyTo: correspondent(header(headers, 'reply-to')),
    to: correspondent(header(headers, 'to')),
    subject: decodeWords(header(headers, 'subject')),
    text,
    html,
  };
};

const split = (raw: string): { headers: string; body: string } => {
  const at = raw.indexOf('\r\n\r\n');
  return { headers: raw.slice(0, at).replaceAll(/\r\n[ \t]+/g, ' '), body: raw.slice(at + 4) };
};

export const header = (headers: string, name: string): string =>
  new RegExp(`^${name}: *(.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';

const correspondent = (value: string): Correspondent => {
  const [, name = '', address = ''] = /^(.*)<([^>]+)>$/.exec(value) ?? [];
  const shown = name.trim().replace(/^"(.*)"$/, '$1');
  return { name: decodeWords(shown.replaceAll(/\\(.)/g, '$1')), address };
};

const decodeWords = (text: string): string => {
  if (!text.includes('=?')) return text;
  const bytes = text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('latin1')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
  return Buffer.from(bytes, 'latin1').toString();
};

/** Answers bytes, one per character. */
const decodeQuoted = (text: string): string =>
  text
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const decodePart = (part: string): string => {
  const { headers, body } = split(part);
  const encoding = header(headers, 'content-transfer-encoding').toLowerCase();
  const content = body.replace(/\r\n$/, '');
  const bytes =
    encoding === 'base64' ? Buffer.from(content, 'base64').toString('latin1') : decodeQuoted(content);
  return Buffer.from(bytes, 'latin1').toString().replaceAll('\r\n', '\n');
};
