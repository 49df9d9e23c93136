import { hourOf, judgeRate, type HourCounts, type RateVerdict } from './hourly-rate.js';

interface Held extends HourCounts {
  readonly hour: number;
}

/** What this process has seen itself. Bounded: the mailboxes that sent longest ago are forgotten first. */
export class LocalCounters {
  private readonly held = new Map<string, Held>();

  constructor(private readonly mostMailboxes = 100_000) {}

  judge(mailboxId: string, limit: number, nowMs: number): RateVerdict {
    return judgeRate(this.countsAt(mailboxId, nowMs), limit, nowMs);
  }

  add(mailboxId: string, nowMs: number): void {
    const counts = this.countsAt(mailboxId, nowMs);
    this.held.delete(mailboxId);
    this.held.set(mailboxId, { ...counts, current: counts.current + 1, hour: hourOf(nowMs) });
    if (this.held.size <= this.mostMailboxes) return;
    const oldest = this.held.keys().next().value;
    if (oldest !== undefined) this.held.delete(oldest);
  }

  private countsAt(mailboxId: string, nowMs: number): HourCounts {
    const held = this.held.get(mailboxId);
    const age = hourOf(nowMs) - (held?.hour ?? 0);
    if (held === undefined || age > 1) return { current: 0, previous: 0 };
    return age === 1 ? { current: 0, previous: held.current } : held;
  }
}
