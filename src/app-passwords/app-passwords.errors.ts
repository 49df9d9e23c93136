import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('app-password', {
  tooMany: {
    status: 422,
    say: 'A mailbox has at most {limit} app passwords. Revoke one that is no longer used, then add this one.',
  },
  sharedMailbox: {
    status: 422,
    say: 'Nobody signs in to a shared mailbox itself. Open a mailbox for a person to get app passwords.',
  },
});
