import { enginePaths, programFile, publicFile } from '../paths.js';
import type { EngineSettings, RenderedFile } from '../settings.js';

/** Header the filter sets to "Yes" on mail that belongs into Junk. */
export const SPAM_HEADER = 'X-Spam';

const BEFORE = `require ["fileinto", "mailbox"];
if header :is "${SPAM_HEADER}" "Yes" {
  fileinto :create "Junk";
  stop;
}
`;

const LEARN_SPAM = `require ["vnd.dovecot.pipe", "copy", "imapsieve"];
pipe :copy "learn-spam";
`;

// Emptying Junk into Trash says nothing about the mail.
const LEARN_HAM = `require ["vnd.dovecot.pipe", "copy", "imapsieve", "environment"];
if environment :is "imap.mailbox" "Trash" {
  stop;
}
pipe :copy "learn-ham";
`;

/** Global filters and the two programs by which a move to Junk and back teaches the filter. */
export function renderSieve(settings: EngineSettings): RenderedFile[] {
  const { sieve, learnSocket } = enginePaths(settings);
  // A failed lesson must not fail the move: the message is moved either way, and the log names the reason.
  const learn = (verdict: 'learn_spam' | 'learn_ham') => `#!/bin/sh
exec /usr/bin/rspamc -t 5 -h ${learnSocket} ${verdict}
`;
  return [
    publicFile(`${sieve}/before.sieve`, BEFORE),
    publicFile(`${sieve}/learn-spam.sieve`, LEARN_SPAM),
    publicFile(`${sieve}/learn-ham.sieve`, LEARN_HAM),
    programFile(`${sieve}/bin/learn-spam`, learn('learn_spam')),
    programFile(`${sieve}/bin/learn-ham`, learn('learn_ham')),
  ];
}
