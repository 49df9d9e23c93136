/** Shares of a quota at which its owner is told, in percent. */
const WARNED_AT = [80, 90, 95] as const;

/** Less room than an ordinary letter needs: mail is turned away long before the last byte is used. */
const FULL_BELOW_BYTES = 20_000;

/** How much of a quota is used, in whole percent, rounded down; may exceed 100. */
export const percentUsed = (bytes: number, quotaBytes: number): number =>
  Number((BigInt(bytes) * 100n) / BigInt(quotaBytes));

/** The highest warned share that is reached, 100 where no letter fits any more, or 0. `usage_to_judge` says the same. */
export const judgeFilling = (bytes: number, quotaBytes: number): number => {
  if (quotaBytes - bytes < FULL_BELOW_BYTES) return 100;
  return WARNED_AT.findLast((percent) => percent <= percentUsed(bytes, quotaBytes)) ?? 0;
};

/**
 * The quota to store for a wish: null when it is what the plan gives anyway, so that a mailbox without a quota of
 * its own follows its plan.
 */
export const quotaToStore = (wishBytes: number | null, planBytes: number): number | null =>
  wishBytes === planBytes ? null : wishBytes;

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size as people write it, in powers of 1000, at most one decimal: "2.5 GB". */
export const renderSize = (bytes: number): string => {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return `${Math.floor((bytes / 1000 ** power) * 10) / 10} ${UNITS[power] ?? ''}`;
};
