import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('seats', {
  noneFree: {
    status: 409,
    say: 'All seats of this plan are in use. Buy another seat or free one.',
  },
  inUse: {
    status: 409,
    say: '{used} seats of this plan are in use. Free some of them first, or keep at least {used}.',
  },
});
