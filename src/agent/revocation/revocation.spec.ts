import { describe, expect, it } from 'vitest';
import { judgeMailbox } from './revocation.js';

const mailbox = {
  id: 'm',
  address: 'a@x.example',
  password: 'hash',
  protocols: ',imap,smtp,',
  may_sign_in: 1,
};

describe('judgeMailbox', () => {
  it('does nothing for what sign-in does not depend on', () => {
    expect(judgeMailbox(mailbox, { ...mailbox })).toBeNull();
    expect(judgeMailbox(mailbox, { ...mailbox, may_sign_in: true })).toBeNull();
  });

  it('forgets cached sign-ins on a protocol more, and on a first password', () => {
    expect(judgeMailbox(mailbox, { ...mailbox, protocols: ',imap,pop3,smtp,' })).toBe('flush');
    expect(judgeMailbox({ ...mailbox, password: null }, mailbox)).toBe('flush');
  });

  it.each([
    ['sign-in is switched off', { may_sign_in: false }],
    ['the password is replaced', { password: 'other' }],
    ['a second factor shuts the main password out', { password: null }],
    ['a protocol is taken away', { protocols: ',smtp,' }],
    ['the login name changes', { address: 'b@x.example' }],
  ])('ends sessions when %s', (_what, change) => {
    expect(judgeMailbox(mailbox, { ...mailbox, ...change })).toBe('kick');
  });

  it('ends sessions of a mailbox that is gone', () => {
    expect(judgeMailbox(mailbox, null)).toBe('kick');
  });

  it('forgets cached refusals when sign-in is allowed again', () => {
    expect(judgeMailbox({ ...mailbox, may_sign_in: 0 }, mailbox)).toBe('flush');
  });
});
