import { describe, expect, it } from 'vitest';
import { Dialogue, plainToken } from '../house/dialogue.js';
import { eventually } from '../house/house.js';
import { enter, imap, knock, openServices, SCOPE_OF, SERVICES, SIEVE } from './doors.js';
import { figure, loginOf, settingsOf, type World } from './world.js';

interface AppPassword {
  readonly id: string;
  readonly password: string;
}

/** Not the server's own address: Dovecot trusts clients whose address is its own. */
const STRANGER = '127.0.0.2';

export const provesSignIn = (world: () => World): void => {
  const make = (scopes: readonly string[], name: string): Promise<AppPassword> =>
    world().bakery.api.post(`${world().ana.path}/app-passwords`, { name, scopes });

  describe('signing in', () => {
    it('opens every service with the main password', async () => {
      const { address: name, password } = world().ana;
      expect(await openServices(world(), { name, password })).toEqual([...SERVICES]);
    });

    it.each(['imap', 'pop3', 'smtp', 'sieve'] as const)(
      'opens with an app password for %s nothing else',
      async (scope) => {
        const { password } = await make([scope], `only ${scope}`);
        const login = { name: world().ana.address, password };
        await eventually(() => openServices(world(), login).then((open) => open.length > 0));
        expect(await openServices(world(), login)).toEqual(
          SERVICES.filter((service) => SCOPE_OF[service] === scope),
        );
      },
    );

    it('takes the name in any case', async () => {
      const { address, appPassword } = world().ana;
      expect(await openServices(world(), { name: address.toUpperCase(), password: appPassword })).toEqual([
        ...SERVICES,
      ]);
    });

    it('opens nothing with a wrong password, another mailbox’s app password, an alias as the name, or an unknown name', async () => {
      const { ana, erik, bakery, bakeryDomain } = world();
      const alias = { kind: 'alias', domainId: bakeryDomain, localPart: 'ana-alias' };
      await bakery.api.post(`${ana.path}/addresses`, alias);
      const found = await Promise.all([
        openServices(world(), { name: ana.address, password: 'guessed-password' }),
        openServices(world(), { name: ana.address, password: erik.appPassword }),
        openServices(world(), { name: 'ana-alias@bakery.example', password: ana.appPassword }),
        openServices(world(), { name: 'ana-alias@bakery.example', password: ana.password }),
        openServices(world(), { name: 'nobody@bakery.example', password: ana.appPassword }),
        openServices(world(), { name: 'ana', password: ana.appPassword }),
      ]);
      expect(found).toEqual([[], [], [], [], [], []]);
    });

    it('says the same to a wrong password as to an unknown name', async () => {
      const said = await Promise.all(
        ['ana@bakery.example', 'nobody@bakery.example', 'ana@unknown.example'].map(
          async (name) => (await knock(world(), 'imaps', { name, password: 'guessed-password' })).said,
        ),
      );
      expect(new Set(said).size).toBe(1);
    });
  });

  describe('a revoked app password', () => {
    it('is refused by every service within 5 s, and ends the session it opened within 30 s', async () => {
      const { id, password } = await make(['imap', 'pop3', 'smtp', 'sieve'], 'lost phone');
      const login = { name: world().ana.address, password };
      const session = await eventually(() => enter(world(), 'imaps', login));
      await imap(session, 'SELECT INBOX');
      const startedAt = performance.now();
      await world().bakery.api.ask('DELETE', `${world().ana.path}/app-passwords/${id}`);
      await eventually(async () => !(await knock(world(), 'imaps', login)).isIn, 5_000);
      const refusedMs = performance.now() - startedAt;
      await eventually(() => Promise.resolve(session.isOver), 30_000);
      const endedMs = performance.now() - startedAt;
      expect(await openServices(world(), login)).toEqual([]);
      figure(
        `revoked app password: refused after ${refusedMs.toFixed(0)} ms, session over after ${endedMs.toFixed(0)} ms`,
      );
      expect(refusedMs).toBeLessThan(5_000);
    });
  });

  describe('without TLS', () => {
    const ask = async (port: number, greeting: RegExp, line: string, end: RegExp): Promise<string> => {
      const talk = await Dialogue.open({ port, from: STRANGER });
      await talk.read(greeting);
      const said = await talk.ask(line, end);
      talk.close();
      return said;
    };

    it('takes no password over IMAP, POP3, ManageSieve and submission', async () => {
      const { imap: imapPort, pop3, sieve, submission } = settingsOf(world()).ports;
      const login = loginOf(world().ana);
      const token = plainToken(login);
      expect(await ask(imapPort, /^\* OK/, `a LOGIN ${login.name} ${login.password}`, /^a /)).toMatch(
        /^a (NO|BAD)/m,
      );
      expect(await ask(imapPort, /^\* OK/, `a AUTHENTICATE PLAIN ${token}`, /^a /)).toMatch(/^a (NO|BAD)/m);
      expect(await ask(imapPort, /^\* OK/, 'a CAPABILITY', /^a /)).toContain('LOGINDISABLED');
      expect(await ask(pop3, /^\+OK/, `USER ${login.name}`, /^(\+OK|-ERR)/)).toMatch(/^-ERR/);
      expect(await ask(pop3, /^\+OK/, `AUTH PLAIN ${token}`, /^(\+|-ERR)/)).toMatch(/^-ERR/);
      expect(await ask(sieve, SIEVE, `AUTHENTICATE "PLAIN" "${token}"`, SIEVE)).toMatch(/^NO/);
      expect(await ask(submission, /^220/, 'EHLO x.example', /^250 /)).not.toContain('AUTH');
      expect(await ask(submission, /^220/, `AUTH PLAIN ${token}`, /^\d{3} /)).toMatch(/^5/);
    });

    it('takes no password on the port for other mail servers, with or without TLS', async () => {
      const talk = await Dialogue.open({ port: settingsOf(world()).ports.mx, from: STRANGER });
      await talk.read();
      expect(await talk.ask('EHLO mx.sandbox.example')).not.toContain('AUTH');
      await talk.ask('STARTTLS');
      await talk.startTls();
      expect(await talk.ask('EHLO mx.sandbox.example')).not.toContain('AUTH');
      expect(await talk.ask(`AUTH PLAIN ${plainToken(loginOf(world().ana))}`)).toMatch(/^50/);
      talk.close();
    });
  });

  describe('a command slipped in behind STARTTLS', () => {
    it('is forgotten by the ports for mail', async () => {
      const { mx, submission } = settingsOf(world()).ports;
      for (const port of [mx, submission]) {
        const talk = await Dialogue.open({ port, from: STRANGER });
        await talk.read();
        await talk.ask('EHLO mx.sandbox.example');
        await talk.ask('STARTTLS\r\nHELP slipped-in\r\nNOOP');
        await talk.startTls();
        expect(await talk.ask('EHLO again.sandbox.example')).toMatch(/^250-/);
        expect(await talk.ask('RSET')).toMatch(/^250/);
        talk.close();
      }
    });

    it('is forgotten by IMAP, POP3 and ManageSieve', async () => {
      const { imap: imapPort, pop3, sieve } = settingsOf(world()).ports;
      const tries = [
        {
          port: imapPort,
          hello: /^\* OK/,
          start: 'a STARTTLS\r\nb CAPABILITY',
          go: /^a OK/,
          next: 'c NOOP',
          end: /^c /,
          slipped: /^b /m,
        },
        {
          port: pop3,
          hello: /^\+OK/,
          start: 'STLS\r\nCAPA',
          go: /^\+OK/,
          next: 'NOOP',
          end: /^(\+OK|-ERR)/,
          slipped: /CAPA|^TOP/m,
        },
        {
          port: sieve,
          hello: SIEVE,
          start: 'STARTTLS\r\nNOOP "slipped"',
          go: SIEVE,
          next: 'NOOP "next"',
          end: /next/,
          slipped: /slipped/,
        },
      ];
      for (const { port, hello, start, go, next, end, slipped } of tries) {
        const talk = await Dialogue.open({ port, from: STRANGER });
        await talk.read(hello);
        await talk.ask(start, go);
        // Hanging up on such a client is as good an answer.
        const isSecure = await talk.startTls().then(
          () => true,
          () => false,
        );
        if (isSecure) expect(await talk.ask(next, end)).not.toMatch(slipped);
        talk.close();
      }
    });
  });
};
