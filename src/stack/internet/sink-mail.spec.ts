import { describe, expect, it } from 'vitest';
import { judgeDelivery } from './sink-mail.js';

const busy = { stage: 'recipient', code: 451, sentence: '4.3.0 Later.' } as const;
const gone = {
  stage: 'recipient',
  code: 550,
  sentence: '5.1.1 Gone.',
  recipient: 'ana@far.example',
} as const;

describe('judging a delivery to the sink', () => {
  it('takes everything when nothing was refused', () => {
    expect(judgeDelivery([], 'recipient', ['ana@far.example'])).toBeNull();
  });

  it('refuses one address, a domain or everybody, whatever the case', () => {
    expect(judgeDelivery([gone], 'recipient', ['Ana@Far.example'])).toBe(gone);
    expect(judgeDelivery([gone], 'recipient', ['bo@far.example'])).toBeNull();
    expect(
      judgeDelivery([{ ...gone, recipient: '@far.example' }], 'recipient', ['bo@far.example'])?.code,
    ).toBe(550);
    expect(judgeDelivery([busy], 'recipient', ['anybody@else.example'])).toBe(busy);
  });

  it('lets the newest refusal win, and only at its stage', () => {
    expect(judgeDelivery([busy, gone], 'recipient', ['ana@far.example'])).toBe(gone);
    expect(judgeDelivery([busy, gone], 'content', ['ana@far.example'])).toBeNull();
  });
});
