import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('address', {
  invalid: { status: 422, say: '{sentence}' },
  reserved: {
    status: 422,
    say: 'The name “{name}” is reserved for the running of mail. Choose another name before the @ sign.',
  },
  taken: {
    status: 409,
    say: 'The address {address} is already in use, or was used lately. Choose another one.',
  },
  catchAllTaken: {
    status: 409,
    say: 'Mail to unknown names at {domain} already goes to a mailbox. Remove that catch-all first.',
  },
  tooMany: {
    status: 422,
    say: 'This mailbox has all {limit} further addresses that its plan allows. Remove one, or ask for a larger plan.',
  },
  primary: {
    status: 422,
    say: 'This is the main address of the mailbox and stays as long as the mailbox does.',
  },
  mailboxClosed: { status: 409, say: 'This mailbox is closed. Reopen it first.' },
});
