import { describe, expect, it } from 'vitest';
import { openSmtp } from '../house/dialogue.js';
import { eventually } from '../house/house.js';
import type { TestMailbox } from '../house/tenant.js';
import { knock } from './doors.js';
import { arrive, arrivesIn, figure, loginOf, OUTSIDE, send, settingsOf, type World } from './world.js';

interface Stops {
  readonly sending: boolean;
  readonly signIn: boolean;
  readonly receiving: boolean;
}

type Level = 'account' | 'domain' | 'mailbox';

const ALL: Stops = { sending: true, signIn: true, receiving: true };
const NOBODY = 'unknown-to-all@elsewhere.example';

export const provesSwitches = (world: () => World): void => {
  const figures: string[] = [];
  let subject: TestMailbox;

  const doors: Readonly<Record<Level, () => { path: string; by: 'tenant' | 'reseller' }>> = {
    account: () => ({
      path: `/resellers/${world().fjord.id}/tenants/${world().bakery.id}/restrictions/abuse`,
      by: 'reseller',
    }),
    domain: () => ({
      path: `${world().bakery.path}/domains/${world().bakeryDomain}/restrictions/owner`,
      by: 'tenant',
    }),
    mailbox: () => ({ path: `${subject.path}/restrictions/owner`, by: 'tenant' }),
  };

  const turn = async (stopped: Level, stops: Stops | null): Promise<void> => {
    const { path, by } = doors[stopped]();
    const api = by === 'reseller' ? world().fjord.api : world().bakery.api;
    const { status, text } = stops
      ? await api.ask('PUT', path, { stops, reason: 'A test.' })
      : await api.ask('DELETE', path);
    expect(status, text).toBe(200);
  };

  const receives = async (): Promise<boolean> =>
    (await arrive(world(), { to: subject.address })).reply.startsWith('250');
  const sends = async (): Promise<boolean> =>
    (await send(world(), subject, { to: OUTSIDE })).reply.startsWith('250');
  const takesRecipient = async (): Promise<boolean> => {
    const talk = await openSmtp(settingsOf(world()));
    await talk.ask(`MAIL FROM:<${OUTSIDE}>`);
    const reply = await talk.ask(`RCPT TO:<${subject.address}>`);
    talk.close();
    return reply.startsWith('250');
  };
  const takesSender = async (): Promise<boolean> => {
    const talk = await openSmtp(settingsOf(world()), { login: loginOf(subject) });
    await talk.ask(`MAIL FROM:<${subject.address}>`);
    const reply = await talk.ask(`RCPT TO:<${OUTSIDE}>`);
    talk.close();
    return reply.startsWith('250');
  };
  const signsIn = async (): Promise<boolean> => (await knock(world(), 'imaps', loginOf(subject))).isIn;

  describe.each(['account', 'domain', 'mailbox'] as const)('a switch of the %s', (level) => {
    /** From before the API is asked, so longer than from the commit, to the end of the first probe that shows the effect. */
    const measure = async (
      what: string,
      stops: Stops | null,
      look: () => Promise<boolean>,
    ): Promise<void> => {
      const startedAt = performance.now();
      await turn(level, stops);
      await eventually(look, 5_000);
      const effectMs = performance.now() - startedAt;
      figures.push(`${what} ${effectMs.toFixed(0)} ms`);
      expect(effectMs, what).toBeLessThanOrEqual(1_000);
    };

    it('stops receiving, sending and signing in within a second, with a sentence each, and lets all go on again', async () => {
      subject = world().erik;
      expect([await receives(), await sends(), await signsIn()]).toEqual([true, true, true]);

      await measure(
        'receiving off',
        { ...ALL, sending: false, signIn: false },
        async () => !(await takesRecipient()),
      );
      const refusal = await arrive(world(), { to: subject.address });
      expect(refusal.reply).toMatch(
        new RegExp(
          `^450 4\\.2\\.1 .*This ${level} is not taking messages at the moment\\. Please try again later\\.`,
        ),
      );
      expect(await sends()).toBe(true);
      await measure('receiving on', null, takesRecipient);

      await measure(
        'sending off',
        { ...ALL, receiving: false, signIn: false },
        async () => !(await takesSender()),
      );
      const unsent = await send(world(), subject, { to: OUTSIDE });
      expect(unsent.reply).toMatch(
        new RegExp(
          `^550 5\\.7\\.1 .*Sending is switched off for this ${level}\\. Please ask your administrator\\.`,
        ),
      );
      expect(await signsIn()).toBe(true);
      await measure('sending on', null, takesSender);

      await measure(
        'sign-in off',
        { ...ALL, receiving: false, sending: false },
        async () => !(await signsIn()),
      );
      const { said } = await knock(world(), 'imaps', loginOf(subject));
      expect(said).toContain(`Sign-in is switched off for this ${level}. Please ask your administrator.`);
      const wrong = await knock(world(), 'imaps', { name: subject.address, password: 'guessed-password' });
      expect(wrong.said).not.toContain('switched off');
      expect((await knock(world(), 'submission', loginOf(subject))).isIn).toBe(false);
      const kept = await arrive(world(), { to: subject.address });
      expect(kept.reply).toMatch(/^250/);
      await measure('sign-in on', null, signsIn);
      await arrivesIn(world(), subject, kept.id);
      figure(`switch of the ${level}: ${figures.splice(0).join(', ')}`);
    });
  });

  describe('several switches', () => {
    it('hold until the last is lifted, and spare the neighbours', async () => {
      subject = world().erik;
      await turn('account', { ...ALL, sending: false, signIn: false });
      await turn('mailbox', { ...ALL, sending: false, signIn: false });
      await eventually(async () => !(await receives()));
      expect((await arrive(world(), { to: world().clerk.address, from: NOBODY })).reply).toMatch(/^250/);
      await turn('account', null);
      await eventually(async () =>
        (await arrive(world(), { to: world().ana.address })).reply.startsWith('250'),
      );
      expect(await receives()).toBe(false);
      await turn('mailbox', null);
      await eventually(receives);
    });
  });
};
