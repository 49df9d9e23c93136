export interface Correspondent {
  /** Shown beside the address. */
  readonly name: string;
  readonly address: string;
}

/** A message the platform writes in a brand's name. */
export interface Letter {
  /** Without angle brackets. The same for the same notice, so that one sent twice can be known as one. */
  readonly messageId: string;
  readonly from: Correspondent;
  readonly replyTo: Correspondent;
  readonly to: Correspondent;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where letters are handed in. Resolves once the mail system has taken the letter; otherwise throws. */
export abstract class NoticesSender {
  abstract send(letter: Letter): Promise<void>;
}
