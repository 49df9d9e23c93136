import type { Narrator } from '../narrator.js';
import { type Examined, examineMachine } from './examination.js';
import { installPackages, makeMailUser } from './installation.js';
import { judgeMachine, MAIL_USER } from './machine-judgement.js';

/**
 * Installs what is missing and says so. Examined first and changed afterwards; examined again when something was
 * installed. Answers sentences for what only a person can mend; then nothing was changed.
 */
export async function readyMachine(wish: Examined, narrator: Narrator): Promise<readonly string[]> {
  const facts = await examineMachine(wish);
  const problems = judgeMachine(facts);
  if (problems.length > 0) return problems;
  if (facts.missing.length > 0)
    await installPackages(facts.missing, (step, work) => narrator.step(step, work));
  if (!facts.hasUser(MAIL_USER)) await narrator.step(`making the system user ${MAIL_USER}`, makeMailUser);
  return facts.missing.length > 0 ? judgeMachine(await examineMachine(wish)) : [];
}
