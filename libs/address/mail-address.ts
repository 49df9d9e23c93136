import { AddressError } from './address-error.js';
import { type DomainName, domainNameRefusals, parseDomainName } from './domain-name.js';

/** A mail address, lower case; `address` is `localPart@domain` with the domain as A-labels. */
export interface MailAddress {
  readonly localPart: string;
  readonly domain: DomainName;
  readonly address: string;
}

/** Why a text is not an address, and the sentence that says so. Domain refusals are listed with their domain. */
export const mailAddressRefusals = {
  'no-at': 'Enter an address with one @ sign, for example ana@acme.com.',
  'local-part-empty': 'Enter the part before the @ sign.',
  'local-part-too-long': 'The part before the @ sign is longer than 64 characters.',
  'local-part-dots': 'The part before the @ sign starts or ends with a dot, or has two dots in a row.',
  'local-part-plus': 'Leave out “+”: mail to name+anything reaches name by itself.',
  'local-part-characters':
    'Use letters a–z, digits, dots, hyphens and underscores in the part before the @ sign.',
  'address-too-long': 'This address is longer than 254 characters.',
  ...domainNameRefusals,
} as const;

export type MailAddressRefusal = keyof typeof mailAddressRefusals;
export type MailAddressResult = ({ ok: true } & MailAddress) | { ok: false; reason: MailAddressRefusal };

// RFC 5321 §4.1.2 Atom without apostrophe and backtick (shells, SQL and log lines) and without "+", which
// separates the detail of a recipient (RFC 5233).
const OWN_CHARACTERS = /^[a-z0-9.!#$%&*/=?^_{|}~-]+$/;
const ATOM_CHARACTERS = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;

/** Reads an address of a mailbox or alias that we create: a narrow dot-atom, lower-cased. */
export function parseMailAddress(text: string): MailAddressResult {
  const parts = splitAddress(text);
  if (parts.localPart.includes('+')) return { ok: false, reason: 'local-part-plus' };
  return parseParts(parts, OWN_CHARACTERS);
}

/**
 * Reads an address that lives elsewhere, such as a contact: any dot-atom of RFC 5321, "+" and apostrophe included.
 * It is lower-cased as well, which every provider of note takes for the same mailbox.
 */
export function parseContactAddress(text: string): MailAddressResult {
  return parseParts(splitAddress(text), ATOM_CHARACTERS);
}

/** As `parseMailAddress`; throws an `AddressError` whose `reason` is a `MailAddressRefusal`. */
export function requireMailAddress(text: string): MailAddress {
  const result = parseMailAddress(text);
  if (!result.ok) throw AddressError.of(result.reason, mailAddressRefusals, text);
  return { localPart: result.localPart, domain: result.domain, address: result.address };
}

interface AddressParts {
  readonly localPart: string;
  /** Null when there is no @ sign. */
  readonly domain: string | null;
}

function splitAddress(text: string): AddressParts {
  const written = text.trim();
  const at = written.lastIndexOf('@');
  if (at === -1) return { localPart: '', domain: null };
  return { localPart: lowerAscii(written.slice(0, at)), domain: written.slice(at + 1) };
}

function parseParts({ localPart, domain }: AddressParts, characters: RegExp): MailAddressResult {
  if (domain === null || localPart.includes('@')) return { ok: false, reason: 'no-at' };
  if (localPart === '') return { ok: false, reason: 'local-part-empty' };
  if (localPart.length > 64) return { ok: false, reason: 'local-part-too-long' };
  if (!characters.test(localPart)) return { ok: false, reason: 'local-part-characters' };
  if (/^\.|\.$|\.\./.test(localPart)) return { ok: false, reason: 'local-part-dots' };
  const parsed = parseDomainName(domain);
  if (!parsed.ok) return parsed;
  const address = `${localPart}@${parsed.name}`;
  // RFC 5321 §4.5.3.1.3: a path is 256 octets, two of them the angle brackets.
  if (address.length > 254) return { ok: false, reason: 'address-too-long' };
  return { ok: true, localPart, domain: parsed.name, address };
}

/** Lower-cases A–Z only: toLowerCase would turn the Kelvin sign into "k" and let it pass for a letter. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
