import { createHash } from 'node:crypto';
import type { DomainName } from '#libs/address';
import type { RecordType } from './resolver.js';
import { mergeSpf } from './spf.js';

export type RecordPurpose = 'ownership' | 'dkim' | 'spf' | 'dmarc' | 'mx';

export interface WantedRecord {
  readonly purpose: RecordPurpose;
  readonly type: RecordType;
  readonly name: string;
  readonly value: string;
  /** A domain is ready without the records that are not required. */
  readonly required: boolean;
  /** What the record is for, in one sentence for its owner. */
  readonly why: string;
  /** Ownership only: the record that proves as well as this one. */
  readonly alternative?: { readonly type: RecordType; readonly name: string; readonly value: string };
  /** SPF only: the name that must be included, whatever else the record says. */
  readonly include?: string;
}

export interface WantedInput {
  readonly domain: DomainName;
  /** What proves the claim, fit for a DNS label. */
  readonly proofToken: string;
  /** The brand's zone: the only thing a tenant's records point at. */
  readonly zone: DomainName;
  readonly dkim: { readonly label: string; readonly selectors: readonly [string, string] };
  /** The SPF record the domain has now, or null. */
  readonly spfNow: string | null;
  readonly policy: { readonly dmarc: 'none' | 'quarantine' | 'reject' };
}

/**
 * The records of a mail domain: the only author of what is shown, downloaded and checked. In the order in which
 * they are best published: MX last, so that no mail arrives before the mailboxes do.
 */
export function wantedRecords(input: WantedInput): WantedRecord[] {
  const [first, second] = input.dkim.selectors;
  return [
    ownershipRecord(input),
    dkimRecord(input, first),
    dkimRecord(input, second),
    spfRecord(input),
    dmarcRecord(input),
    mxRecord(input),
  ];
}

/** The label under which a domain's keys live in the brand zone: 16 characters however long the name; 80 bits. */
export function dkimLabel(domain: DomainName): string {
  const digest = createHash('sha256').update(domain).digest('hex').slice(0, 20);
  // Base32 in RFC 4648's extended hex alphabet (§7): 80 bits are 16 characters.
  return BigInt(`0x${digest}`).toString(32).padStart(16, '0');
}

/**
 * One name, two ways: a TXT `mail-proof=<token>`, or, for panels that manage TXT badly, a CNAME to
 * `<token>.proof.<zone>`. The target need not exist, only the alias is read.
 */
function ownershipRecord({ domain, proofToken, zone }: WantedInput): WantedRecord {
  const name = `_mail-proof.${domain}`;
  return {
    purpose: 'ownership',
    type: 'TXT',
    name,
    value: `mail-proof=${proofToken}`,
    required: true,
    why: 'Shows that the domain is yours, so that nobody else can receive mail for it.',
    alternative: { type: 'CNAME', name, value: `${proofToken}.proof.${zone}` },
  };
}

/** An alias instead of a key: keys change in the brand zone without the owner. Two, so that one can be changed. */
function dkimRecord({ domain, zone, dkim }: WantedInput, selector: string): WantedRecord {
  return {
    purpose: 'dkim',
    type: 'CNAME',
    name: `${selector}._domainkey.${domain}`,
    value: `${selector}.${dkim.label}.dkim.${zone}`,
    required: true,
    why: 'Lets your mail be signed, so that receivers can tell it from forgeries.',
  };
}

function spfRecord({ domain, zone, spfNow }: WantedInput): WantedRecord {
  const include = `_spf.${zone}`;
  return {
    purpose: 'spf',
    type: 'TXT',
    name: domain,
    value: mergeSpf(spfNow, include),
    required: true,
    why: 'Names the servers that may send mail for your domain, ours among them.',
    include,
  };
}

function dmarcRecord({ domain, policy }: WantedInput): WantedRecord {
  return {
    purpose: 'dmarc',
    type: 'TXT',
    name: `_dmarc.${domain}`,
    value: `v=DMARC1; p=${policy.dmarc}`,
    required: false,
    why: 'Tells receivers what to do with mail that only pretends to come from your domain.',
  };
}

function mxRecord({ domain, zone }: WantedInput): WantedRecord {
  return {
    purpose: 'mx',
    type: 'MX',
    name: domain,
    value: `10 mx.${zone}`,
    required: true,
    why: 'Brings mail for your domain to your mailboxes.',
  };
}
