/** Thrown by the `require…` functions. `reason` is stable and meant for code, `message` for people. */
export class AddressError<Reason extends string = string> extends Error {
  override readonly name = 'AddressError';

  constructor(
    readonly reason: Reason,
    message: string,
    /** What was refused, as it was given, cut to 300 characters. */
    readonly text: string,
  ) {
    super(message);
  }

  static of<Reason extends string>(
    reason: Reason,
    sentences: Record<Reason, string>,
    text: string,
  ): AddressError<Reason> {
    return new AddressError(reason, sentences[reason], text.slice(0, 300));
  }
}
