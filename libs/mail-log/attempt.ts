import type { Attempted } from './event.js';

const ATTEMPT =
  /^to=<([^<>]*)>, (?:orig_to=<([^<>]*)>, )?relay=([^,\s]{1,400}), (?:conn_use=\d{1,9}, )?delay=(\d{1,10}(?:\.\d+)?), delays=[\d./]{1,60}, dsn=(\d\.\d{1,3}\.\d{1,3}), status=(\w{1,20}) (.*)$/s;

const KINDS: Readonly<Record<string, Attempted['kind']>> = {
  sent: 'delivered',
  deferred: 'deferred',
  bounced: 'bounced',
  // soft_bounce: the daemon made a temporary answer of a permanent one.
  SOFTBOUNCE: 'deferred',
};

const LONGEST_REPLY = 500;

/**
 * One recipient's line of a delivery daemon. Everything up to the status is our own daemons' text in fixed order;
 * what the other side said stands last, in brackets.
 */
export const parseAttempt = (queueId: string, text: string): Attempted | null => {
  const [, recipient, original, relay, delay, status, outcome = '', reply = ''] = ATTEMPT.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, outcome) ? KINDS[outcome] : undefined;
  if (recipient === undefined || relay === undefined || status === undefined || kind === undefined)
    return null;
  return {
    kind,
    queueId,
    recipient,
    originalRecipient: original ?? null,
    relay,
    delaySeconds: Number(delay),
    status,
    reply: reply.replace(/^\((.*)\)$/s, '$1').slice(0, LONGEST_REPLY),
  };
};
