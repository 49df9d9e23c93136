import { describe, expect, it } from 'vitest';
import { type Attempt, type Copy, judge, type Outcome } from './ledger.js';

const attempt = (messageId: string, outcome: Outcome, changed: Partial<Attempt> = {}): Attempt => ({
  messageId,
  recipient: 'ana@one.example',
  exists: true,
  sha256: 'aa',
  outcome,
  atMs: 0,
  said: '',
  ...changed,
});
const copy = (messageId: string, changed: Partial<Copy> = {}): Copy => ({
  messageId,
  mailbox: 'ana@one.example',
  claimedSha256: 'aa',
  sha256: 'aa',
  ...changed,
});
const judged = (lines: Attempt[], copies: Copy[], returned: string[] = []) =>
  judge(lines, { copies, returned });

describe('the ledger', () => {
  it('finds nothing wrong when what was accepted is there, whole and once', () => {
    const lines = [attempt('1', 'tried'), attempt('1', 'accepted'), attempt('2', 'rejected-temp')];
    expect(judged(lines, [copy('1')])).toEqual({
      accepted: 1,
      delivered: 1,
      lost: [],
      validBounced: [],
      invented: [],
      foreign: [],
      damaged: [],
      ghosts: [],
      duplicates: 0,
    });
  });

  it('calls lost what was accepted and is nowhere, also when it was returned or lies elsewhere', () => {
    const lines = ['1', '2', '3'].map((id) => attempt(id, 'accepted'));
    const seen = judged(lines, [copy('3', { mailbox: 'bo@two.example' })], ['2']);
    expect(seen).toMatchObject({ lost: ['1', '2', '3'], validBounced: ['2'], foreign: ['3'], delivered: 0 });
  });

  it('counts a refusal for good as a bounce only where the recipient existed', () => {
    const lines = [attempt('1', 'rejected-perm'), attempt('2', 'rejected-perm', { exists: false })];
    expect(judged(lines, []).validBounced).toEqual(['1']);
  });

  it('tells of mail that was accepted for nobody', () => {
    expect(judged([attempt('1', 'accepted', { exists: false })], [])).toMatchObject({
      invented: ['1'],
      lost: [],
    });
  });

  it('sees a body that is not what was sent, and a header that says otherwise', () => {
    const lines = ['1', '2', '3'].map((id) => attempt(id, 'accepted'));
    const copies = [
      copy('1', { sha256: 'bb' }),
      copy('2', { claimedSha256: null }),
      copy('3', { sha256: 'bb', claimedSha256: 'bb' }),
    ];
    expect(judged(lines, copies)).toMatchObject({ damaged: ['1', '2', '3'], lost: [] });
  });

  it('counts copies beyond the first, and a foreign copy not among them', () => {
    const copies = [copy('1'), copy('1'), copy('1'), copy('1', { mailbox: 'bo@two.example' })];
    expect(judged([attempt('1', 'accepted')], copies)).toMatchObject({
      duplicates: 2,
      delivered: 1,
      foreign: ['1'],
    });
  });

  it('calls a ghost what came though it was refused or never sent, but not what died after the last dot', () => {
    const lines = [attempt('1', 'rejected-temp'), attempt('2', 'unknown'), attempt('3', 'tried')];
    const seen = judged(
      lines,
      ['1', '2', '3', '4'].map((id) => copy(id)),
    );
    expect(seen).toMatchObject({ ghosts: ['1', '4'], lost: [], accepted: 0 });
  });
});
