import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('plan', {
  nameTaken: { status: 409, say: 'You have a plan of this name already. Choose another name.' },
});
