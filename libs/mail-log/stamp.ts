/** As syslog writes it: no year, no zone (RFC 3164 §4.1.2). `month` counts from 0. */
export interface Stamp {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const STAMP = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/;

/** Null for anything but "Nov 23 16:05:09" or "Nov  3 16:05:09". */
export const parseStamp = (text: string): Stamp | null => {
  const [, monthName = '', day, hour, minute, second] = STAMP.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName);
  return month < 0
    ? null
    : { month, day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second) };
};

const HALF_YEAR_MS = 183 * 86_400_000;

/** The moment nearest to `now` that the stamp can mean, in the zone the log is written in. */
export const resolveStamp = (stamp: Stamp, now: Date, zone: 'utc' | 'local'): Date => {
  const inYear = (year: number): Date => {
    const { month, day, hour, minute, second } = stamp;
    return zone === 'utc'
      ? new Date(Date.UTC(year, month, day, hour, minute, second))
      : new Date(year, month, day, hour, minute, second);
  };
  const year = zone === 'utc' ? now.getUTCFullYear() : now.getFullYear();
  const guess = inYear(year);
  const distanceMs = guess.getTime() - now.getTime();
  if (distanceMs > HALF_YEAR_MS) return inYear(year - 1);
  return distanceMs < -HALF_YEAR_MS ? inYear(year + 1) : guess;
};
