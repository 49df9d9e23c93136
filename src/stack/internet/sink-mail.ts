/** One message that left for the sandbox Internet. */
export interface SunkMessage {
  /** Also the name of its file. */
  readonly id: string;
  readonly receivedAt: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly clientAddress: string;
  readonly greetedAs: string;
  readonly overTls: boolean;
  /** The message as it came, dots unstuffed. */
  readonly content: string;
}

export type SinkStage = 'recipient' | 'content';

/** How the sink refuses mail: at RCPT TO or after the message, with this code and sentence. */
export interface SinkRefusal {
  readonly stage: SinkStage;
  /** An address, or `@domain`; left out, the refusal holds for everybody. */
  readonly recipient?: string;
  /** 400 to 599. */
  readonly code: number;
  readonly sentence: string;
}

/** The refusal in force for any of these recipients at this stage; the one given last wins. */
export function judgeDelivery(
  refusals: readonly SinkRefusal[],
  stage: SinkStage,
  recipients: readonly string[],
): SinkRefusal | null {
  const matching = refusals.filter((refusal) => {
    return (
      refusal.stage === stage && recipients.some((recipient) => concerns(refusal, recipient.toLowerCase()))
    );
  });
  return matching.at(-1) ?? null;
}

function concerns(refusal: SinkRefusal, recipient: string): boolean {
  const wanted = refusal.recipient?.toLowerCase();
  if (wanted === undefined) return true;
  return wanted.startsWith('@') ? recipient.endsWith(wanted) : recipient === wanted;
}
