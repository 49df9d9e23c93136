import { describe, expect, it } from 'vitest';
import { characterStrings } from './dns-packet.js';

describe('cutting a TXT value', () => {
  it('keeps a short one whole, and an empty one as one empty string', () => {
    expect(characterStrings('v=spf1 -all')).toEqual(['v=spf1 -all']);
    expect(characterStrings('')).toEqual(['']);
  });

  it('cuts a long one into strings of 255 octets at most that join to the same text', () => {
    const text = `v=DKIM1; p=${'A'.repeat(392)}`;
    const strings = characterStrings(text);
    expect(strings.map((each) => each.length)).toEqual([255, 148]);
    expect(strings.join('')).toBe(text);
  });

  it('never cuts through a character', () => {
    const strings = characterStrings('ø'.repeat(200));
    expect(strings.every((each) => Buffer.byteLength(each) <= 255)).toBe(true);
    expect(strings.join('')).toBe('ø'.repeat(200));
  });
});
