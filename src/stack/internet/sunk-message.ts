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
