import type { LogEvent, LogFact } from '#libs/mail-log';

/** What earlier lines told of a message, for the later ones that name only its queue id. */
export interface Trail {
  readonly messageId: string | null;
  readonly sender: string | null;
  readonly login: string | null;
  readonly clientAddress: string | null;
}

const NOTHING: Trail = { messageId: null, sender: null, login: null, clientAddress: null };

/** Trails by queue id; the least recently used are forgotten when there are too many. */
export class MessageTrails {
  private readonly trails = new Map<string, Trail>();

  constructor(private readonly limit: number) {}

  /** Takes in what the line tells and answers all that is known of its message. */
  follow(event: LogEvent): Trail {
    const queueId = 'queueId' in event ? event.queueId : null;
    if (queueId === null) return NOTHING;
    const known = { ...(this.trails.get(queueId) ?? NOTHING), ...told(event) };
    this.trails.delete(queueId);
    if (event.kind !== 'removed') this.remember(queueId, known);
    return known;
  }

  private remember(queueId: string, trail: Trail): void {
    this.trails.set(queueId, trail);
    if (this.trails.size <= this.limit) return;
    const oldest = this.trails.keys().next().value;
    if (oldest !== undefined) this.trails.delete(oldest);
  }
}

const told = (fact: LogFact): Partial<Trail> => {
  switch (fact.kind) {
    case 'received':
      // Queue ids of the short form come round again: a new arrival starts afresh.
      return { ...NOTHING, login: fact.login, clientAddress: fact.clientAddress };
    case 'identified':
      return { messageId: fact.messageId };
    case 'queued':
    case 'expired':
      return { sender: fact.sender };
    case 'delivered':
    case 'deferred':
    case 'bounced':
    case 'rejected':
    case 'removed':
    case 'sign_in_failed':
      return {};
  }
};
