import { refusals } from './refusal.js';

/** What any route may answer. A row hidden by the database is missing, never forbidden. */
export const refuse = refusals('request', {
  notFound: { status: 404, say: 'There is nothing here under that id.' },
  notSignedIn: { status: 401, say: 'Sign in, or send a valid key in the Authorization header.' },
  notPermitted: { status: 403, say: 'Your role does not allow this. Ask an administrator of your account.' },
  unknownHost: { status: 421, say: 'This address is not set up. Check the name in the address bar.' },
  badCursor: { status: 400, say: 'That page marker is not valid. Start again from the first page.' },
  keyReused: {
    status: 422,
    say: 'This Idempotency-Key was used for a different request. Use a new key for a new request.',
  },
  badKey: {
    status: 400,
    say: 'An Idempotency-Key has 1 to 128 letters, digits, dots, dashes or underscores.',
  },
});
