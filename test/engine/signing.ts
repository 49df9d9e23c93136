import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../house/house.js';
import { verifySignature } from '../house/signature.js';
import { openMailbox, proveDomain } from '../house/tenant.js';
import { loginOf, OUTSIDE, send, settingsOf, sinks, type World } from './world.js';
import { knock } from './doors.js';

export const provesSigning = (world: () => World): void => {
  describe('the signature of a domain', () => {
    it('is waited for by the mail of a new domain, and is there on the first message that leaves', async () => {
      const { house, bakery, fjord } = world();
      const worker = house.stack.service('worker');
      await worker.stop();
      const mailbox = await (async () => {
        try {
          const domainId = await proveDomain(bakery, house.stack.dns, 'pastry.example');
          const at = { planId: fjord.planId, domainId, domain: 'pastry.example', localPart: 'chef' };
          const opened = await openMailbox(bakery, at);
          await eventually(async () => (await knock(world(), 'submission', loginOf(opened))).isIn);
          const { reply } = await send(world(), opened, { to: OUTSIDE });
          expect(reply).toMatch(/^451 .*try again/);
          return opened;
        } finally {
          await worker.start();
        }
      })();
      const sent = await eventually(async () => {
        const tried = await send(world(), mailbox, { to: OUTSIDE });
        expect(tried.reply).toMatch(/^(250|451)/);
        return tried.reply.startsWith('250') ? tried : null;
      }, 30_000);
      const [signature, ...more] = await verifySignature(
        await sinks(world(), sent.id),
        settingsOf(world()).dns.address,
      );
      expect([signature?.domain, signature?.selector, more]).toEqual(['pastry.example', 'k1', []]);
    });

    it('verifies against the records the owner published', async () => {
      const { id } = await send(world(), world().clerk, { to: OUTSIDE });
      const seen = await eventually(async () => {
        const found = await verifySignature(await sinks(world(), id), settingsOf(world()).dns.address);
        return found.some(({ result }) => result === 'pass') ? found : null;
      });
      expect(seen).toEqual([{ domain: 'dental.example', selector: 'k1', result: 'pass' }]);
    });

    it('is never left out: without the key mail waits', async () => {
      const { ana, house } = world();
      const folder = path.join(settingsOf(world()).dataDir, 'engine', 'dkim');
      const key = path.join(folder, 'bakery.example.k1.key');
      expect(await readFile(path.join(folder, 'selectors.map'), 'utf8')).toContain('bakery.example k1');
      await rename(key, `${key}.away`);
      let waiting: string;
      try {
        const { id, reply } = await send(world(), ana, { to: OUTSIDE });
        expect(reply).toMatch(/^451/);
        waiting = id;
      } finally {
        await rename(`${key}.away`, key);
      }
      const { id, reply } = await send(world(), ana, { to: OUTSIDE });
      expect(reply).toMatch(/^250/);
      await sinks(world(), id);
      expect(house.stack.sink.messages.some(({ content }) => content.includes(waiting))).toBe(false);
    });
  });
};
