import type { Rejected } from './event.js';

const REJECTION =
  /^(milter-reject|reject): ([A-Z-]{2,20}) from [^\s[\]]{0,255}\[([^\s[\]]{1,64})\](?::\d{1,5})?: (.*)$/s;

/** Where the reply ends and what the client said begins. */
const SAID = /; (?=from=<|to=<|proto=)/;
const SAID_WHOLLY =
  /^(?:from=<([^<>]*)>)?(?: ?to=<([^<>]*)>)?(?: ?proto=[A-Z0-9]{1,10})?(?: helo=<[^<>]*>)?(?: sasl_username=<([^<>]*)>)?$/;

const LONGEST_REPLY = 500;

/**
 * A client may put "; from=<…> to=<…>" into its HELO name or into a quoted recipient, which the reply repeats. So
 * the first such place counts and everything after it must fit: a forged one leaves a rest that does not, and the
 * event then carries no addresses.
 */
export const parseRejection = (queueId: string | null, text: string): Rejected | null => {
  const [, verb, stage, clientAddress, rest] = REJECTION.exec(text) ?? [];
  if (stage === undefined || clientAddress === undefined || rest === undefined) return null;
  const at = SAID.exec(rest)?.index ?? rest.length;
  const [, sender, recipient, login] = SAID_WHOLLY.exec(rest.slice(at + 2)) ?? [];
  return {
    kind: 'rejected',
    queueId,
    stage,
    by: verb === 'reject' ? 'server' : 'filter',
    clientAddress,
    reply: rest.slice(0, Math.min(at, LONGEST_REPLY)),
    sender: sender ?? null,
    recipient: recipient ?? null,
    login: login?.toLowerCase() ?? null,
  };
};
