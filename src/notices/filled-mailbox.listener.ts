import { Injectable } from '@nestjs/common';
import { displayDomain, parseMailAddress } from '#libs/address';
import { type MailboxFilled, mailboxFilled } from '../mailboxes/mailboxes.events.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { On } from '../platform/events/on.decorator.js';
import { type FilledMailbox, renderContactLetter, renderOwnerLetter } from './filled-mailbox.letter.js';
import { type LetterText, renderHtml, renderText } from './letter-text.js';
import { type Correspondent, NoticesSender } from './notices.sender.js';

/**
 * In the reseller's scope: a brand's own domain is not a tenant's to see. Of several the one its support lives on is
 * taken, else the oldest.
 */
const FACTS = `
  select m.address, m.display_name, t.name as tenant_name, t.contact_email, b.name as brand_name, b.support_email,
    (select d.name from domain d where d.brand_id = b.id and d.tenant_id is null and d.state = 'verified'
      order by d.name = split_part(b.support_email, '@', 2) desc, d.verified_at, d.id limit 1) as brand_domain
  from mailbox m
  join mailbox_usage u on u.mailbox_id = m.id
  join tenant t on t.id = m.tenant_id
  join brand b on b.id = t.brand_id
  where m.id = $1 and m.state = 'open' and u.warned_percent >= $2`;

interface Facts {
  readonly address: string;
  readonly display_name: string;
  readonly tenant_name: string;
  readonly contact_email: string;
  readonly brand_name: string;
  readonly support_email: string;
  readonly brand_domain: string | null;
}

/** One method per reader, so that a letter that cannot be delivered does not hold back the other. */
@Injectable()
export class FilledMailboxListener {
  constructor(
    private readonly db: TenantDb,
    private readonly sender: NoticesSender,
  ) {}

  @On(mailboxFilled, 'reseller')
  async tellOwner(filled: MailboxFilled): Promise<void> {
    const facts = await this.findFacts(filled);
    if (!facts) return;
    const to = { name: facts.display_name, address: facts.address };
    await this.send(facts, to, renderOwnerLetter(mailboxOf(facts, filled)), `${filled.crossingId}.owner`);
  }

  @On(mailboxFilled, 'reseller')
  async tellContact(filled: MailboxFilled): Promise<void> {
    if (filled.percent < 100) return;
    const facts = await this.findFacts(filled);
    if (!facts) return;
    const to = { name: facts.tenant_name, address: facts.contact_email };
    await this.send(facts, to, renderContactLetter(mailboxOf(facts, filled)), `${filled.crossingId}.contact`);
  }

  /** Null when it is no longer so: space was freed, or the mailbox was closed, before the letter was written. */
  private async findFacts({ mailboxId, percent }: MailboxFilled): Promise<Facts | null> {
    const [facts] = await this.db.transaction((db) => db.query<Facts[]>(FACTS, [mailboxId, percent]));
    return facts ?? null;
  }

  private async send(facts: Facts, to: Correspondent, letter: LetterText, id: string): Promise<void> {
    const from = writerOf(facts);
    await this.sender.send({
      messageId: `${id}@${domainOf(from.address)}`,
      from,
      replyTo: { name: facts.brand_name, address: facts.support_email },
      to,
      subject: letter.subject,
      text: renderText(letter),
      html: renderHtml(letter),
    });
  }
}

/**
 * On the brand's own mail domain where it has one. Else on the domain of the mailbox, which has a key to sign with: a
 * letter in the name of a domain that is not ours to sign for would be turned away, and rightly.
 */
const writerOf = (facts: Facts): Correspondent => {
  const { brand_name: name, brand_domain: domain, support_email: support } = facts;
  if (domain === null) return { name, address: `postmaster@${domainOf(facts.address)}` };
  return { name, address: support.endsWith(`@${domain}`) ? support : `support@${domain}` };
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const mailboxOf = (facts: Facts, { percent }: MailboxFilled): FilledMailbox => ({
  address: shown(facts.address),
  displayName: facts.display_name,
  tenantName: facts.tenant_name,
  brandName: facts.brand_name,
  supportEmail: facts.support_email,
  percent,
});

/** International names as people write them. */
const shown = (address: string): string => {
  const parsed = parseMailAddress(address);
  return parsed.ok ? `${parsed.localPart}@${displayDomain(parsed.domain)}` : address;
};
