import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('mailbox', {
  addressTaken: {
    status: 409,
    say: 'The address {address} is already in use, or was used lately. Choose another one.',
  },
  quotaAbovePlan: {
    status: 422,
    say: 'The plan “{plan}” gives each mailbox at most {limit}. Choose less, or ask {owner} for more.',
  },
  planNotHeld: {
    status: 422,
    say: 'Your account has no seats of this plan. Choose a plan that you have seats of.',
  },
  tooManyShared: {
    status: 422,
    say: 'Your account may have {limit} shared mailboxes, two for each seat. Close one, or add a seat.',
  },
  sharedHasNoPassword: {
    status: 422,
    say: 'A shared mailbox has no password of its own. Open a mailbox for a person instead.',
  },
  passwordIsAddress: {
    status: 422,
    say: 'The password must not be the address or its name. Choose something else.',
  },
  closed: { status: 409, say: 'This mailbox is closed. Reopen it first.' },
  notClosed: { status: 409, say: 'This mailbox is open already.' },
  gone: {
    status: 409,
    say: 'This mailbox was closed more than {days} days ago and cannot be reopened. Open a new one.',
  },
});
