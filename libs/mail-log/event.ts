import type { Stamp } from './stamp.js';

/** What every line tells. `service` is the part of the syslog name between "postfix" and the daemon: "submission". */
export interface LogLine {
  readonly stamp: Stamp;
  readonly service: string | null;
  readonly daemon: string;
}

/** A client handed in a message: over SMTP, or from this machine. */
interface Received {
  readonly kind: 'received';
  readonly queueId: string;
  readonly clientAddress: string | null;
  readonly clientName: string | null;
  /** Who signed in to send it. */
  readonly login: string | null;
}

interface Identified {
  readonly kind: 'identified';
  readonly queueId: string;
  readonly messageId: string;
}

/** Refused before it was taken in, or, with a queue id, while it came. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly queueId: string | null;
  /** CONNECT, EHLO, MAIL, RCPT, DATA, END-OF-MESSAGE. */
  readonly stage: string;
  readonly by: 'server' | 'filter';
  readonly clientAddress: string | null;
  readonly reply: string;
  readonly sender: string | null;
  readonly recipient: string | null;
  readonly login: string | null;
}

interface Queued {
  readonly kind: 'queued';
  readonly queueId: string;
  readonly sender: string;
  readonly sizeBytes: number;
  readonly recipients: number;
}

/** One attempt for one recipient. `bounced` means given up, and the sender told. */
export interface Attempted {
  readonly kind: 'delivered' | 'deferred' | 'bounced';
  readonly queueId: string;
  readonly recipient: string;
  readonly originalRecipient: string | null;
  readonly relay: string;
  readonly delaySeconds: number;
  /** Enhanced status code (RFC 3463). */
  readonly status: string;
  readonly reply: string;
}

interface Expired {
  readonly kind: 'expired';
  readonly queueId: string;
  readonly sender: string;
}

interface Removed {
  readonly kind: 'removed';
  readonly queueId: string;
}

export interface SignInFailed {
  readonly kind: 'sign_in_failed';
  readonly clientAddress: string;
  readonly mechanism: string;
  readonly login: string | null;
}

/** What a line tells, without when and where. */
export type LogFact =
  Received | Identified | Rejected | Queued | Attempted | Expired | Removed | SignInFailed;

export type LogEvent = LogLine & LogFact;
