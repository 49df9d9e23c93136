import type { LogEvent, LogFact } from '#libs/mail-log';
import type { Trail } from './message-trail.js';

/** A row of `directory.report_mail_events`. */
export interface MailEvent {
  readonly id: string;
  readonly at: string;
  readonly node: string;
  /** The address of ours the line is about; Postgres finds out whose it is. */
  readonly mailbox: string | null;
  readonly kind: string;
  readonly queue_id: string | null;
  readonly message_id: string | null;
  readonly sender: string | null;
  readonly recipient: string | null;
  readonly reply: string | null;
  readonly detail: Readonly<Record<string, string | number>>;
}

export type MailFacts = Omit<MailEvent, 'id' | 'at' | 'node'>;

/** System mail travels under this suffix inside the node. */
const NOTICE_SUFFIX = '.notices.internal';
const SUBMISSION = new Set(['submission', 'submissions']);

/** What is worth keeping of a line, or null for one that only told the trail something. */
export const describeEvent = (event: LogEvent, trail: Trail): MailFacts | null => {
  if (event.kind === 'identified' || event.kind === 'removed') return null;
  const own = ownFacts(event);
  return {
    kind: event.kind,
    mailbox: lowerCase(findMailbox(event, trail)),
    queue_id: 'queueId' in event ? event.queueId : null,
    message_id: trail.messageId,
    sender: trail.sender,
    recipient: null,
    reply: null,
    ...own,
    detail: { ...(event.service !== null && { service: event.service }), ...own.detail },
  };
};

const ownFacts = (fact: Exclude<LogFact, { kind: 'identified' | 'removed' }>): Partial<MailFacts> => {
  switch (fact.kind) {
    case 'received':
      return {
        detail: present({ client: fact.clientAddress, clientName: fact.clientName, login: fact.login }),
      };
    case 'rejected': {
      const { sender, recipient, reply, stage, by, clientAddress } = fact;
      return { sender, recipient, reply, detail: present({ stage, by, client: clientAddress }) };
    }
    case 'queued':
      return { sender: fact.sender, detail: { sizeBytes: fact.sizeBytes, recipients: fact.recipients } };
    case 'delivered':
    case 'deferred':
    case 'bounced': {
      const { recipient, originalRecipient, reply, relay, status, delaySeconds } = fact;
      const detail = present({ status, relay, delaySeconds, originalRecipient });
      return { recipient: withoutSuffix(recipient), reply, detail };
    }
    case 'expired':
      return { sender: fact.sender };
    case 'sign_in_failed':
      return {
        detail: present({ client: fact.clientAddress, mechanism: fact.mechanism, login: fact.login }),
      };
  }
};

/** Mail coming in is about its recipient, mail going out about who signed in to send it. */
const findMailbox = (event: LogEvent, trail: Trail): string | null => {
  switch (event.kind) {
    case 'delivered':
    case 'deferred':
    case 'bounced':
      return event.daemon === 'lmtp'
        ? withoutTag(withoutSuffix(event.recipient))
        : (trail.login ?? trail.sender);
    case 'rejected':
      if (event.login !== null || trail.login !== null) return event.login ?? trail.login;
      return SUBMISSION.has(event.service ?? '') ? event.sender : withoutTag(event.recipient ?? '');
    case 'sign_in_failed':
      return event.login;
    case 'received':
    case 'queued':
    case 'expired':
    case 'identified':
    case 'removed':
      // Who is named as the sender proves nothing: anybody may claim an address of ours.
      return trail.login;
  }
};

const withoutSuffix = (address: string): string =>
  address.endsWith(NOTICE_SUFFIX) ? address.slice(0, -NOTICE_SUFFIX.length) : address;

/** user+tag@domain is about user@domain. */
const withoutTag = (address: string): string => address.replace(/^([^+@"]+)\+[^@]*@/, '$1@');

const lowerCase = (address: string | null): string | null =>
  address === null || address === '' ? null : address.toLowerCase();

const present = (facts: Readonly<Record<string, string | number | null>>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
