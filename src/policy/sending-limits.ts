import { judgeRate, type HourCounts, type RateVerdict } from './hourly-rate.js';
import type { LocalCounters } from './local-counters.js';

/** The part of RedisCounters that is used here. */
export interface OverallCounters {
  count(mailboxId: string, limit: number, nowMs: number): Promise<HourCounts>;
}

const SKIP_AFTER_FAULT_MS = 1_000;

/**
 * One limit over all nodes while Redis answers, each node's own count while it does not: never no limit, and never
 * a wait. This node's count is kept in any case, so that it knows what was sent before Redis went away.
 */
export class SendingLimits {
  private skipUntilMs = 0;

  constructor(
    private readonly overall: OverallCounters,
    private readonly local: LocalCounters,
    private readonly onFault: (fault: unknown) => void,
  ) {}

  async count(mailboxId: string, limit: number, nowMs: number): Promise<RateVerdict> {
    const verdict =
      (await this.judgeOverall(mailboxId, limit, nowMs)) ?? this.local.judge(mailboxId, limit, nowMs);
    if (verdict.kind === 'allowed') this.local.add(mailboxId, nowMs);
    return verdict;
  }

  /** Null when Redis is no help. After a fault it is left alone for a moment: the next message must not wait too. */
  private async judgeOverall(mailboxId: string, limit: number, nowMs: number): Promise<RateVerdict | null> {
    if (nowMs < this.skipUntilMs) return null;
    try {
      return judgeRate(await this.overall.count(mailboxId, limit, nowMs), limit, nowMs);
    } catch (fault) {
      this.skipUntilMs = nowMs + SKIP_AFTER_FAULT_MS;
      this.onFault(fault);
      return null;
    }
  }
}
