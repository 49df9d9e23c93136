import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('person', {
  nameTaken: { status: 409, say: 'Somebody already signs in with that name. Choose another.' },
});
