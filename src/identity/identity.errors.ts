import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('identity', {
  wrongPassword: { status: 401, say: 'That name and password do not match. Check both and try again.' },
  tooManyTries: {
    status: 429,
    say: 'Too many tries. Wait {minutes} minutes and try again, or ask your administrator for a new password.',
  },
});
