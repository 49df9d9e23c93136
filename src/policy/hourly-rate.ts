/** Messages counted in this hour of the clock and in the one before. */
export interface HourCounts {
  readonly current: number;
  readonly previous: number;
}

export type RateVerdict =
  { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly retryAfterSeconds: number };

export const HOUR_MS = 3_600_000;

export const hourOf = (nowMs: number): number => Math.floor(nowMs / HOUR_MS);

/**
 * The last sixty minutes, told from two hours of the clock: all of the present one and the part of the one before
 * that still lies within sixty minutes, as if it had been spread evenly.
 */
export const judgeRate = (counts: HourCounts, limit: number, nowMs: number): RateVerdict => {
  const elapsed = (nowMs % HOUR_MS) / HOUR_MS;
  if (counts.previous * (1 - elapsed) + counts.current + 1 <= limit) return { kind: 'allowed' };
  return { kind: 'refused', retryAfterSeconds: Math.ceil(waitHours(counts, limit, elapsed) * 3_600) };
};

/** In hours, until one more message would fit, if nothing else is sent meanwhile. */
const waitHours = ({ current, previous }: HourCounts, limit: number, elapsed: number): number => {
  const room = limit - 1;
  // Still in this hour of the clock, once enough of the previous one has passed.
  if (current <= room && previous > 0) return Math.max(0, 1 - (room - current) / previous - elapsed);
  // In the next one, this one's count then fading in its turn.
  return 1 - elapsed + (current <= room ? 0 : 1 - room / current);
};
