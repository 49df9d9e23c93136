/** What a caller may be told when something is not done, and what the log may know beside it. */
export interface RefusalWords {
  /** HTTP status, 400 to 499. */
  readonly status: number;
  /** A complete sentence that says what to do. `{name}` is replaced by the fact of that name. */
  readonly say: string;
}

/** An expected no. It has a stable code, a sentence for the caller, and facts. */
export class Refusal extends Error {
  constructor(
    /** `noun.reason`, stable across versions. */
    readonly code: string,
    readonly status: number,
    sentence: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(sentence);
    this.name = 'Refusal';
  }
}

type Facts = Readonly<Record<string, string | number>>;

/** Declares a feature's refusals beside it: `throw refuse.addressTaken({ address })`. */
export const refusals = <Table extends Readonly<Record<string, RefusalWords>>>(
  noun: string,
  table: Table,
): { readonly [Reason in keyof Table]: (facts?: Facts) => Refusal } =>
  Object.fromEntries(
    Object.entries(table).map(([reason, { status, say }]) => [
      reason,
      (facts: Facts = {}) =>
        new Refusal(
          `${noun}.${reason.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
          status,
          say.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? '')),
          facts,
        ),
    ]),
  ) as { readonly [Reason in keyof Table]: (facts?: Facts) => Refusal };
