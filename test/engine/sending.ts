import { describe, expect, it } from 'vitest';
import type { Made } from '../house/house.js';
import { eventually } from '../house/house.js';
import { arrive, arrivesIn, OUTSIDE, send, sinks, type World } from './world.js';

export const provesSending = (world: () => World): void => {
  describe('sending', () => {
    it('refuses the address of another mailbox, of another tenant and of a stranger as the sender', async () => {
      const { ana, erik, clerk } = world();
      for (const from of [erik.address, clerk.address, OUTSIDE]) {
        const { reply } = await send(world(), ana, { from, to: OUTSIDE });
        expect(reply).toMatch(/^553 5\.7\.1/);
      }
    });

    it('refuses an empty sender', async () => {
      const { reply } = await send(world(), world().ana, {
        from: '',
        to: OUTSIDE,
        headers: 'From: <ana@bakery.example>',
      });
      expect(reply).toMatch(/^553 5\.7\.1 .*Please send with an address of your own mailbox\./);
    });

    it.each([
      ['the author is another', 'From: <erik@bakery.example>'],
      ['one of two authors is another', 'From: <ana@bakery.example>, <erik@bakery.example>'],
      ['there are two From lines', 'From: <ana@bakery.example>\nFrom: <erik@bakery.example>'],
      ['there is no From line', 'To: <friend@elsewhere.example>'],
      ['the Sender line names another', 'From: <ana@bakery.example>\nSender: <clerk@dental.example>'],
      [
        'a second Sender line names another',
        'From: <ana@bakery.example>\nSender: <ana@bakery.example>\nSender: <erik@bakery.example>',
      ],
      ['the name hides another address', 'From: "ana@bakery.example" <erik@bakery.example>'],
      [
        'it is said to be sent on by another',
        'From: <ana@bakery.example>\nResent-From: <erik@bakery.example>',
      ],
    ])('refuses a message when %s', async (_, headers) => {
      const { reply } = await send(world(), world().ana, { to: OUTSIDE, headers });
      expect(reply).toMatch(/^554/);
      expect(reply).not.toMatch(/postfix|rspamd|milter|livery/i);
    });

    it('lets an alias write only where it may, and receive all the same', async () => {
      const { ana, bakery, bakeryDomain } = world();
      const add = (localPart: string, sends: boolean) =>
        bakery.api.post<Made>(`${ana.path}/addresses`, {
          kind: 'alias',
          domainId: bakeryDomain,
          localPart,
          sends,
        });
      await add('mute', false);
      await add('orders', true);
      const writing = await eventually(async () => {
        const tried = await send(world(), ana, { from: 'orders@bakery.example', to: OUTSIDE });
        return tried.reply.startsWith('250') ? tried : null;
      });
      await sinks(world(), writing.id);
      expect((await send(world(), ana, { from: 'mute@bakery.example', to: OUTSIDE })).reply).toMatch(
        /^553 5\.7\.1/,
      );
      const headers = 'From: <mute@bakery.example>';
      expect((await send(world(), ana, { to: OUTSIDE, headers })).reply).toMatch(/^554/);
      const received = await arrive(world(), { to: 'mute@bakery.example' });
      expect(received.reply).toMatch(/^250/);
      await arrivesIn(world(), ana, received.id);
    });

    it('refuses a virus', async () => {
      const { reply } = await send(world(), world().ana, { to: OUTSIDE, body: EICAR });
      expect(reply).toMatch(/^554 .*virus/);
    });

    it('stops at the hourly limit of the plan, with a sentence that names it', async () => {
      const { house, fjord, bakery } = world();
      const plan = await house.operator.post<Made>(`/resellers/${fjord.id}/plans`, {
        name: 'Two an hour',
        quotaBytes: 10_000_000,
        aliasesPerMailbox: 1,
        hourlyMessages: 2,
        protocols: ['imap', 'pop3', 'smtp', 'sieve'],
      });
      await fjord.api.post(`/resellers/${fjord.id}/tenants/${bakery.id}/seats`, {
        planId: plan.id,
        purchased: 2,
      });
      const slow = await world().open('slow', { planId: plan.id });
      const first = await eventually(async () => {
        const tried = await send(world(), slow, { to: [OUTSIDE, 'other@far-away.example'] });
        return tried.reply.startsWith('250') ? tried : null;
      });
      expect(first.recipients).toHaveLength(2);
      expect((await send(world(), slow, { to: OUTSIDE })).reply).toMatch(/^250/);
      expect((await send(world(), slow, { to: OUTSIDE })).reply).toMatch(
        /^450 4\.7\.1 .*This mailbox may send 2 messages an hour and has reached that\./,
      );
      expect((await send(world(), world().erik, { to: OUTSIDE })).reply).toMatch(/^250/);
    });
  });
};

/** The test file every scanner knows (eicar.org), in two parts so that this file is not taken for one. */
export const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
