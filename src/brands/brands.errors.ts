import { claimRefusals } from '#libs/address';
import { refusals } from '../platform/http/refusal.js';

export const refuse = refusals('brand', {
  // The same words whoever holds the name: one reseller learns nothing of another.
  nameTaken: { status: 409, say: 'That name is already in use. Choose another one.' },
  publicSuffix: { status: 422, say: claimRefusals['public-suffix'] },
  specialUse: { status: 422, say: claimRefusals['special-use'] },
  hostInUse: {
    status: 409,
    say: 'Mail programs are told to connect to this host. Give the brand another mail host first.',
  },
});
