import { claimRefusals, domainNameRefusals } from '#libs/address';
import { refusals, type RefusalWords } from '../platform/http/refusal.js';

/** What is wrong with a name is said in the words of the library that judged it. */
const spoken = <Reason extends string>(sentences: Readonly<Record<Reason, string>>) =>
  Object.fromEntries(
    Object.entries<string>(sentences).map(([reason, say]) => [reason, { status: 422, say }]),
  ) as Record<Reason, RefusalWords>;

/** None of these says who holds a name, nor of which brand they are a customer. */
export const refuse = refusals('domain', {
  ...spoken(domainNameRefusals),
  ...spoken(claimRefusals),
  reserved: {
    status: 422,
    say: 'This name is needed to run the service and cannot be added. Add a domain of your own.',
  },
  alreadyClaimed: {
    status: 409,
    say: 'You have added this domain already. Open it to see what is left to do.',
  },
  alreadyVerified: {
    status: 409,
    say: 'This domain is in use in another account. If it is yours, ask whoever set it up to release it first.',
  },
  parentVerified: {
    status: 409,
    say: 'This name lies below a domain in use in another account, and needs its owner’s consent.',
  },
  notVerified: {
    status: 409,
    say: 'Show first that {domain} is yours: publish its proof record and check it.',
  },
  hasMailboxes: {
    status: 409,
    say: 'Mailboxes are still open on {domain}. Close or rename them, then release the domain.',
  },
});
