import { Foundations1763900001000 } from './1763900001000-foundations.js';
import { ResellersAndTenants1763900002000 } from './1763900002000-resellers-and-tenants.js';
import { Identity1763900003000 } from './1763900003000-identity.js';
import { Domains1763900004000 } from './1763900004000-domains.js';
import { Mailboxes1763900005000 } from './1763900005000-mailboxes.js';
import { Directory1763900006000 } from './1763900006000-directory.js';
import { Events1763900007000 } from './1763900007000-events.js';
import { MailEvents1763900008000 } from './1763900008000-mail-events.js';
import { Readiness1763900009000 } from './1763900009000-readiness.js';

/** In the order they run. A new one is added at the end. */
export const MIGRATIONS = [
  Foundations1763900001000,
  ResellersAndTenants1763900002000,
  Identity1763900003000,
  Domains1763900004000,
  Mailboxes1763900005000,
  Directory1763900006000,
  Events1763900007000,
  MailEvents1763900008000,
  Readiness1763900009000,
];
