import type { LogFact, SignInFailed } from './event.js';

/** Name and address as Postfix writes a client, the port only where logging it is switched on. */
const CLIENT = String.raw`([^\s\[\],]{1,255})\[([^\s\[\],]{1,64})\](?::\d{1,5})?`;

const RECEIVED = new RegExp(
  `^client=${CLIENT}(?:, sasl_method=[\\w-]{1,40})?(?:, sasl_username=([^\\s,<>]{1,320}))?(?:, \\w+=.*)?$`,
);
const PICKED_UP = /^uid=\d{1,10} from=<[^<>]*>$/;
// Cleanup logs what the header held, so only the form of RFC 5322 §3.6.4 is taken, and without spaces.
const MESSAGE_ID = /^(?:resent-)?message-id=(<[^<>\s]{1,990}>)$/;

/** Lines of smtpd, pickup and cleanup about a message on its way in. */
export const parseArrival = (queueId: string, text: string): LogFact | null => {
  const received = RECEIVED.exec(text);
  if (received !== null) {
    const [, clientName = '', clientAddress = '', login] = received;
    return { kind: 'received', queueId, clientName, clientAddress, login: login?.toLowerCase() ?? null };
  }
  if (PICKED_UP.test(text)) {
    return { kind: 'received', queueId, clientName: null, clientAddress: null, login: null };
  }
  const messageId = MESSAGE_ID.exec(text)?.[1];
  return messageId === undefined ? null : { kind: 'identified', queueId, messageId };
};

const QUEUED = /^from=<([^<>]*)>, size=(\d{1,15}), nrcpt=(\d{1,9}) \(queue active\)$/;
const EXPIRED = /^from=<([^<>]*)>, status=(?:force-)?expired, returned to sender$/;

/** Lines of the queue itself. */
export const parseQueueChange = (queueId: string, text: string): LogFact | null => {
  if (text === 'removed') return { kind: 'removed', queueId };
  const [, sender, size, recipients] = QUEUED.exec(text) ?? [];
  if (sender !== undefined) {
    return { kind: 'queued', queueId, sender, sizeBytes: Number(size), recipients: Number(recipients) };
  }
  const expired = EXPIRED.exec(text)?.[1];
  return expired === undefined ? null : { kind: 'expired', queueId, sender: expired };
};

const SIGN_IN = new RegExp(`^warning: ${CLIENT}: SASL ([\\w-]{1,40}) authentication failed: (.*)$`, 's');
// Postfix 3.5 and 3.6 do not say who tried.
const TRIED_LOGIN = /, sasl_username=([^\s,<>]{1,320})$/;

export const parseSignInFailure = (text: string): SignInFailed | null => {
  const [, , clientAddress, mechanism, rest = ''] = SIGN_IN.exec(text) ?? [];
  if (clientAddress === undefined || mechanism === undefined) return null;
  const login = TRIED_LOGIN.exec(rest)?.[1]?.toLowerCase() ?? null;
  return { kind: 'sign_in_failed', clientAddress, mechanism, login };
};
