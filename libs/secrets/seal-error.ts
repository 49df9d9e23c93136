/**
 * Why a sealed text did not open: it is not one of ours, it was sealed for another key, or it was altered, cut or
 * moved to another context.
 */
export type SealFault = 'malformed' | 'other-key' | 'altered';

const sentences: Record<SealFault, string> = {
  malformed: 'Sealed text or key is malformed',
  'other-key': 'Sealed text was sealed for another key',
  altered: 'Sealed text was altered or belongs to another context',
};

/** Never carries key or plaintext. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor(readonly fault: SealFault) {
    super(sentences[fault]);
  }
}
