/** How a sender's attempt stands. `tried` comes first and, with nothing after it, means as much as `unknown`. */
export type Outcome = 'tried' | 'accepted' | 'rejected-perm' | 'rejected-temp' | 'unknown';

/** One line of the ledger of promises, written by the sender; the last line of a message counts. */
export interface Attempt {
  readonly messageId: string;
  readonly recipient: string;
  /** Whether the recipient existed from the first line to the last. */
  readonly exists: boolean;
  /** Of the body, lower-case hex. */
  readonly sha256: string;
  readonly outcome: Outcome;
  readonly atMs: number;
  /** What the server said last; empty for `tried`. */
  readonly said: string;
}

/** One copy of a message as it was found in a mailbox. */
export interface Copy {
  readonly mailbox: string;
  readonly messageId: string;
  /** What the message's own header says its body is; null without that header. */
  readonly claimedSha256: string | null;
  readonly sha256: string;
}

/** What was found in the end. `returned` are messages that a bounce tells of. */
export interface Findings {
  readonly copies: readonly Copy[];
  readonly returned: readonly string[];
}

/** Message-IDs, but for the numbers. After "250" nothing may be lost; duplicates are allowed and counted. */
export interface Verdict {
  readonly accepted: number;
  readonly delivered: number;
  /** Accepted, and in no copy where they belong. A bounce is no excuse. */
  readonly lost: readonly string[];
  /** Refused for good, or returned, though the recipient existed. */
  readonly validBounced: readonly string[];
  /** Accepted for somebody who never existed. */
  readonly invented: readonly string[];
  /** In a mailbox other than the recipient's. */
  readonly foreign: readonly string[];
  readonly damaged: readonly string[];
  /** Delivered though never accepted, and not explained by a connection that died after the last dot. */
  readonly ghosts: readonly string[];
  /** Copies beyond the first, over all messages. */
  readonly duplicates: number;
}

export const judge = (lines: readonly Attempt[], findings: Findings): Verdict => {
  const attempts = new Map(lines.map((line) => [line.messageId, line]));
  const having = (holds: (attempt: Attempt) => boolean): string[] =>
    [...attempts.values()].filter(holds).map(({ messageId }) => messageId);
  const atHome = countBy(findings.copies.filter((copy) => isAtHome(copy, attempts)));
  const returned = new Set(findings.returned);
  return {
    accepted: having(({ outcome }) => outcome === 'accepted').length,
    delivered: atHome.size,
    lost: having(({ outcome, exists, messageId: id }) => outcome === 'accepted' && exists && !atHome.has(id)),
    validBounced: having(
      ({ outcome, exists, messageId }) => exists && (outcome === 'rejected-perm' || returned.has(messageId)),
    ),
    invented: having(({ outcome, exists }) => outcome === 'accepted' && !exists),
    foreign: idsOf(
      findings.copies,
      (copy, attempt) => attempt !== null && copy.mailbox !== attempt.recipient,
    ),
    damaged: idsOf(findings.copies, isDamaged),
    ghosts: idsOf(findings.copies, (_copy, attempt) => !mayHaveArrived(attempt)),
    duplicates: [...atHome.values()].reduce((sum, count) => sum + count - 1, 0),
  };

  function idsOf(copies: readonly Copy[], holds: (copy: Copy, attempt: Attempt | null) => boolean): string[] {
    const found = copies.filter((copy) => holds(copy, attempts.get(copy.messageId) ?? null));
    return [...new Set(found.map(({ messageId }) => messageId))];
  }
};

const isAtHome = (copy: Copy, attempts: ReadonlyMap<string, Attempt>): boolean =>
  attempts.get(copy.messageId)?.recipient === copy.mailbox;

/** A message of which the ledger knows nothing is a ghost, and there is nothing to hold its body against. */
const isDamaged = (copy: Copy, attempt: Attempt | null): boolean =>
  attempt !== null && (copy.sha256 !== attempt.sha256 || copy.claimedSha256 !== attempt.sha256);

const mayHaveArrived = (attempt: Attempt | null): boolean =>
  attempt !== null && ['accepted', 'unknown', 'tried'].includes(attempt.outcome);

const countBy = (copies: readonly Copy[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { messageId } of copies) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
  return counts;
};
