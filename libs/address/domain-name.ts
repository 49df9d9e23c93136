import { isIP } from 'node:net';
import { toASCII, toUnicode } from 'tr46';
import { AddressError } from './address-error.js';
import { isSingleScript } from './label-script.js';

declare const domainName: unique symbol;

/** A domain name of two labels or more: A-labels (RFC 5890 §2.3.2.1), lower case, no trailing dot. */
export type DomainName = string & { readonly [domainName]: true };

/** Why a text is not a domain name, and the sentence that says so. The keys are stable. */
export const domainNameRefusals = {
  empty: 'Enter a domain name, for example acme.com.',
  'ip-address': 'This is an IP address. Enter a domain name, for example acme.com.',
  wildcard: 'Enter one exact domain name, without an asterisk.',
  'single-label': 'Enter the whole domain name with its ending, for example acme.com.',
  'empty-label': 'This domain name has two dots in a row or starts with a dot.',
  hyphen: 'A part of this domain name starts or ends with a hyphen.',
  punycode: 'A part of this domain name starts with “xn--” but is not a valid international name.',
  characters: 'Domain names use letters, digits and hyphens only.',
  'mixed-script': 'A part of this domain name mixes letters of different alphabets.',
  'label-too-long': 'A part of this domain name is longer than 63 characters.',
  'too-long': 'This domain name is longer than 253 characters.',
} as const;

export type DomainNameRefusal = keyof typeof domainNameRefusals;
export type DomainNameResult = { ok: true; name: DomainName } | { ok: false; reason: DomainNameRefusal };

// Hyphens are judged below: CheckHyphens would also refuse "r3---sn-x", which exists in DNS.
const RULES = { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true, transitionalProcessing: false };

// Longer than any text that can end as 253 octets; keeps hostile input away from the tables.
const LONGEST_TEXT = 1000;

/**
 * Reads a domain name as people write it. Maps by UTS #46 (non-transitional: ß stays ß), accepts the ideographic
 * and full-width dots, one trailing dot and space around; answers the A-label form. Lengths: RFC 1035 §2.3.4.
 */
export function parseDomainName(text: string): DomainNameResult {
  const written = text
    .trim()
    .replace(/[\u3002\uFF0E\uFF61]/gu, '.')
    .replace(/\.$/, '');
  if (written.length > LONGEST_TEXT) return refused('too-long');
  const shown = toUnicode(written, RULES);
  const reason = judgeShape(written, shown.domain) ?? judgeLabels(written, shown);
  if (reason !== null) return refused(reason);

  const ascii = toASCII(shown.domain, RULES);
  if (ascii === null) return refused('punycode');
  if (ascii.split('.').some((label) => label.length > 63)) return refused('label-too-long');
  if (ascii.length > 253) return refused('too-long');
  return { ok: true, name: ascii as DomainName };
}

/** As `parseDomainName`; throws an `AddressError` whose `reason` is a `DomainNameRefusal`. */
export function requireDomainName(text: string): DomainName {
  const result = parseDomainName(text);
  if (!result.ok) throw AddressError.of(result.reason, domainNameRefusals, text);
  return result.name;
}

/** The U-label form, for showing (RFC 5890 §2.3.2.1). Compare and store the A-label form only. */
export function displayDomain(name: DomainName): string {
  return toUnicode(name, RULES).domain;
}

function judgeShape(written: string, shown: string): DomainNameRefusal | null {
  if (written === '') return 'empty';
  if (written.includes('*') || shown.includes('*')) return 'wildcard';
  if (/^\[.*\]$/.test(written) || isIP(written) !== 0) return 'ip-address';
  const labels = shown.split('.');
  if (labels.includes('')) return 'empty-label';
  // A name that ends in a number is an IPv4 address to browsers and inet_aton ("0x7f.1", "10.1").
  if (/^(?:\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '')) return 'ip-address';
  return labels.length === 1 ? 'single-label' : null;
}

function judgeLabels(written: string, shown: { domain: string; error: boolean }): DomainNameRefusal | null {
  const labels = shown.domain.split('.');
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) return 'hyphen';
  if (shown.error) return /(?:^|\.)xn--/i.test(written) ? 'punycode' : 'characters';
  return labels.every(isSingleScript) ? null : 'mixed-script';
}

function refused(reason: DomainNameRefusal): DomainNameResult {
  return { ok: false, reason };
}
