/** Waits between attempts: doubled each time from 100 ms up to 5 s, less a random part so that nodes spread out. */
export const backOffMs = (attempt: number, random: () => number): number =>
  Math.min(5_000, 100 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2);
