/**
 * Names that machines and other postmasters write to (RFC 2142), or by which a sender would pass for the system.
 * They are nobody's mailbox, so that nobody's leaving or full mailbox silences them.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'postmaster',
  'abuse',
  'hostmaster',
  'webmaster',
  'mailer-daemon',
  'root',
  'noreply',
  'no-reply',
]);

/** RFC 5321 §4.5.1 and RFC 2142 §4 want somebody to read these at every domain: a mailbox may have them as aliases. */
const ALIASES_ALL_THE_SAME: ReadonlySet<string> = new Set(['postmaster', 'abuse']);

/** May a mailbox be called so? `localPart` in lower case. */
export const isFreeForMailbox = (localPart: string): boolean => !RESERVED.has(localPart);

/** May a mailbox be reached under it as well? */
export const isFreeForAlias = (localPart: string): boolean =>
  !RESERVED.has(localPart) || ALIASES_ALL_THE_SAME.has(localPart);
