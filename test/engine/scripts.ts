import { describe, expect, it } from 'vitest';
import { eventually } from '../house/house.js';
import { verifySignature } from '../house/signature.js';
import type { TestMailbox } from '../house/tenant.js';
import { enter, SIEVE } from './doors.js';
import { arrive, arrivesIn, loginOf, send, settingsOf, sinks, type World } from './world.js';

const upload = async (world: World, mailbox: TestMailbox, script: string): Promise<void> => {
  const talk = await eventually(() => enter(world, 'sieve', loginOf(mailbox)));
  const octets = Buffer.byteLength(script);
  expect(await talk.ask(`PUTSCRIPT "own" {${octets}+}\r\n${script}`, SIEVE)).toMatch(/^OK/m);
  expect(await talk.ask('SETACTIVE "own"', SIEVE)).toMatch(/^OK/m);
  talk.close();
};

export const provesScripts = (world: () => World): void => {
  describe('a script of the owner', () => {
    it('sorts, sends on and answers; what it sends on keeps its author, what it answers is signed', async () => {
      const mailbox = await world().open('away');
      const { house } = world();
      const dnsAddress = settingsOf(world()).dns.address;
      await upload(
        world(),
        mailbox,
        `require ["fileinto", "copy", "mailbox", "vacation"];
if header :contains "X-Kind" "invoice" { fileinto :create "Invoices"; stop; }
if header :contains "X-Kind" "forward" { redirect :copy "assistant@far-away.example"; keep; stop; }
if header :contains "X-Kind" "question" { vacation :days 1 :subject "I am away" "Back on Monday."; }`,
      );
      const kind = (name: string, from: string) => ({
        to: mailbox.address,
        headers: `X-Kind: ${name}\nTo: <${mailbox.address}>\nFrom: <${from}>`,
      });

      const invoice = await arrive(world(), kind('invoice', 'friend@elsewhere.example'));
      await arrivesIn(world(), mailbox, invoice.id, 'Invoices');

      const foreign = await arrive(world(), kind('forward', 'friend@elsewhere.example'));
      await arrivesIn(world(), mailbox, foreign.id);
      const forwarded = await sinks(world(), foreign.id);
      expect(forwarded.sender).toBe(mailbox.address);
      expect(forwarded.recipients).toEqual(['assistant@far-away.example']);
      expect(forwarded.content).toMatch(/^From: <friend@elsewhere\.example>/m);
      expect(await verifySignature(forwarded, dnsAddress)).not.toContainEqual(
        expect.objectContaining({ result: 'pass' }),
      );

      const own = await send(world(), mailbox, kind('forward', mailbox.address));
      const sentOn = await eventually(async () =>
        house.stack.sink.messages.find(
          ({ content, recipients }) =>
            content.includes(own.id) && recipients.includes('assistant@far-away.example'),
        ),
      );
      expect(await verifySignature(sentOn, dnsAddress)).toContainEqual(
        expect.objectContaining({ domain: 'bakery.example', result: 'pass' }),
      );

      const asker = `asker-${Date.now()}@elsewhere.example`;
      await arrive(world(), { ...kind('question', asker), from: asker });
      const answer = await eventually(async () =>
        house.stack.sink.messages.find(({ recipients }) => recipients.includes(asker)),
      );
      expect(answer.content).toContain('Back on Monday.');
      expect(answer.content).toMatch(/^From: .*away@bakery\.example/m);
      expect(await verifySignature(answer, dnsAddress)).toEqual([
        expect.objectContaining({ domain: 'bakery.example', result: 'pass' }),
      ]);
    });

    it('is refused with a reason when it is wrong or asks for what is not allowed', async () => {
      const talk = await enter(world(), 'sieve', loginOf(world().ana));
      for (const script of [
        'this is no script',
        'require "vnd.dovecot.pipe";\npipe "learn-spam";',
        'require "editheader";',
      ]) {
        expect(await talk.ask(`CHECKSCRIPT {${script.length}+}\r\n${script}`, SIEVE)).toMatch(/^NO/m);
      }
      talk.close();
    });
  });
};
