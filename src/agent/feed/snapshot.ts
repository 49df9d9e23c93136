/**
 * What a Postgres transaction could see (pg_snapshot, "xmin:xmax:open,open"): every transaction below `xmax` that is
 * not among the open ones. Numbers are xid8 and never wrap.
 */
export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly open: readonly bigint[];
}

export const parseSnapshot = (text: string): Snapshot => {
  const [xmin, xmax, open] = text.split(':');
  if (xmin === undefined || xmax === undefined || open === undefined) {
    throw new Error(`Not a snapshot: ${text}`);
  }
  return {
    xmin: BigInt(xmin),
    xmax: BigInt(xmax),
    open: open === '' ? [] : open.split(',').map((xid) => BigInt(xid)),
  };
};

/** As if every transaction below `xid`, and no other, had been seen. */
export const seenBelow = (xid: bigint): Snapshot => ({ xmin: xid, xmax: xid, open: [] });

export const isSeen = (xid: bigint, snapshot: Snapshot): boolean =>
  xid < snapshot.xmax && !snapshot.open.includes(xid);

/**
 * After a crash Postgres may give out again the numbers of transactions that were never written down. Reading this
 * many again on each connection costs a moment and changes nothing that was right.
 */
export const REPLAYED_XIDS = 20_000n;

/** Where to read on from after a pause: below the stored cursor, though never below what was pruned. */
export const resumeFrom = (cursor: bigint, floor: bigint): Snapshot => {
  const back = cursor > REPLAYED_XIDS ? cursor - REPLAYED_XIDS : 0n;
  return seenBelow(back > floor ? back : floor);
};
