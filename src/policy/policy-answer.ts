import type { RateVerdict } from './hourly-rate.js';
import type { PolicyRequest } from './policy-request.js';
import type { MailboxLimit } from './route-reader.js';

export const NO_OPINION = 'DUNNO';

export interface SenderRules {
  readonly findLimit: (login: string) => MailboxLimit | null;
  readonly count: (mailboxId: string, limit: number, nowMs: number) => Promise<RateVerdict>;
  readonly now: () => number;
}

const REMEMBERED_MESSAGES = 10_000;

/**
 * Answers for mail of people who signed in. A message with many recipients is asked about once for each, under one
 * `instance`: it is counted the first time and answered alike every time.
 */
export class SenderPolicy {
  private readonly answers = new Map<string, Promise<string>>();

  constructor(private readonly rules: SenderRules) {}

  async answer(request: PolicyRequest): Promise<string> {
    const login = request.get('sasl_username')?.toLowerCase() ?? '';
    if (login === '' || request.get('request') !== 'smtpd_access_policy') return NO_OPINION;
    const instance = request.get('instance') ?? '';
    if (instance === '') return this.judge(login);
    const known = this.answers.get(instance);
    if (known !== undefined) return known;
    const answer = this.judge(login);
    this.remember(instance, answer);
    return answer;
  }

  private async judge(login: string): Promise<string> {
    const limit = this.rules.findLimit(login);
    if (limit === null) return NO_OPINION;
    const verdict = await this.rules.count(limit.mailboxId, limit.hourlyMessages, this.rules.now());
    return verdict.kind === 'allowed'
      ? NO_OPINION
      : renderRefusal(limit.hourlyMessages, verdict.retryAfterSeconds);
  }

  /** A failed answer is forgotten: the next recipient asks anew. */
  private remember(instance: string, answer: Promise<string>): void {
    this.answers.set(instance, answer);
    answer.catch(() => this.answers.delete(instance));
    if (this.answers.size <= REMEMBERED_MESSAGES) return;
    const oldest = this.answers.keys().next().value;
    if (oldest !== undefined) this.answers.delete(oldest);
  }
}

/** 450: the mail program keeps the message and may try again. */
const renderRefusal = (hourlyMessages: number, retryAfterSeconds: number): string => {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  const messages = hourlyMessages === 1 ? 'one message' : `${hourlyMessages} messages`;
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return `450 4.7.1 This mailbox may send ${messages} an hour and has reached that. Please try again in ${wait}.`;
};
