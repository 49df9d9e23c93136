import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { eventually } from '../house/house.js';
import type { TestMailbox } from '../house/tenant.js';
import { knock } from './doors.js';
import { arrive, figure, loginOf, OUTSIDE, send, settingsOf, type World } from './world.js';

interface MailEvent {
  readonly kind: string;
  readonly queue_id: string | null;
  readonly message_id: string | null;
  readonly tenant_id: string | null;
  readonly mailbox_id: string | null;
  readonly sender: string | null;
  readonly recipient: string | null;
  readonly reply: string | null;
}

/** As the application asks in somebody's name: by role and ids, so that the database decides what is seen. */
const asked = async <T extends object>(
  world: World,
  who: { readonly role: string; readonly tenantId: string },
  query: string,
  values: readonly unknown[],
): Promise<T[]> => {
  const client = new pg.Client({ connectionString: settingsOf(world).postgres.appUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('role', $1, true), set_config('app.reseller_id', $2, true), set_config('app.tenant_id', $3, true)`,
      [who.role, who.tenantId === '' ? '' : world.fjord.id, who.tenantId],
    );
    return (await client.query<T>(query, [...values])).rows;
  } finally {
    await client.end();
  }
};

const OPERATOR = { role: 'livery_operator', tenantId: '' };

const EVENTS = `select * from mail_event where kind = $2 and queue_id in
  (select queue_id from mail_event where message_id = $1) order by at`;

/** What was written down of a message, once it is there; by its Message-ID. */
export const eventsOf = (world: World, messageId: string, kind: string): Promise<MailEvent[]> =>
  eventually(async () => {
    const bare = messageId.replaceAll(/[<>]/g, '');
    const found = await asked<MailEvent>(world, OPERATOR, EVENTS, [bare, kind]);
    const braced = await asked<MailEvent>(world, OPERATOR, EVENTS, [`<${bare}>`, kind]);
    return found.length + braced.length > 0 ? [...found, ...braced] : null;
  });

export const provesTraces = (world: () => World): void => {
  describe('what is written down of mail', () => {
    const whole = (event: MailEvent | undefined, mailbox: TestMailbox) => {
      expect(event?.queue_id).toMatch(/^[0-9A-Za-z]{10,20}$/);
      expect(event?.mailbox_id).toBe(mailbox.id);
      expect(event?.tenant_id).toBe(mailbox.path.split('/')[2]);
    };

    it('tells of mail that was delivered to whom, under which id', async () => {
      const { id } = await arrive(world(), { to: world().ana.address });
      const [event] = await eventsOf(world(), id, 'delivered');
      whole(event, world().ana);
      expect(event).toMatchObject({ recipient: world().ana.address, sender: OUTSIDE });
    });

    it('tells of mail that was sent: taken, put off, and sent back', async () => {
      const { house, ana } = world();
      house.stack.sink.refuse({
        stage: 'recipient',
        recipient: 'gone@far-away.example',
        code: 550,
        sentence: '5.1.1 Gone.',
      });
      house.stack.sink.refuse({
        stage: 'recipient',
        recipient: 'later@far-away.example',
        code: 450,
        sentence: '4.2.1 Later.',
      });
      const { id } = await send(world(), ana, {
        to: [OUTSIDE, 'gone@far-away.example', 'later@far-away.example'],
      });
      const [received] = await eventsOf(world(), id, 'received');
      whole(received, ana);
      const [delivered] = await eventsOf(world(), id, 'delivered');
      whole(delivered, ana);
      const [bounced] = await eventsOf(world(), id, 'bounced');
      whole(bounced, ana);
      expect(bounced).toMatchObject({ recipient: 'gone@far-away.example' });
      expect(bounced?.reply).toContain('550');
      const [deferred] = await eventsOf(world(), id, 'deferred');
      whole(deferred, ana);
      expect(deferred).toMatchObject({ recipient: 'later@far-away.example' });
      house.stack.sink.accept();
    });

    it('tells of mail that was refused', async () => {
      const { bakery } = world();
      const from = `refused-${Date.now()}@elsewhere.example`;
      const query = `select * from mail_event where kind = 'rejected' and sender = $1`;
      await arrive(world(), { to: 'nobody-here@bakery.example', from });
      const atDoor = await eventually(
        async () => (await asked<MailEvent>(world(), OPERATOR, query, [from]))[0],
      );
      expect(atDoor).toMatchObject({ recipient: 'nobody-here@bakery.example' });
      const spam = await arrive(world(), { to: world().ana.address, from, body: GTUBE });
      const [filtered] = await eventsOf(world(), spam.id, 'rejected');
      whole(filtered, world().ana);
      expect(filtered?.reply).toContain('5.7.1');
      expect(filtered?.tenant_id).toBe(bakery.id);
    });

    it('is shown to no other tenant', async () => {
      const { bakery, dental, ana, clerk } = world();
      const { id } = await send(world(), clerk, { to: ana.address });
      await eventsOf(world(), id, 'delivered');
      for (const tenant of [bakery, dental]) {
        const who = { role: 'livery_tenant', tenantId: tenant.id };
        const rows = await asked<MailEvent>(world(), who, 'select distinct tenant_id from mail_event', []);
        expect(rows.map(({ tenant_id }) => tenant_id)).toEqual([tenant.id]);
      }
    });
  });

  describe('the counters of a mailbox', () => {
    it('show its use and the last sign-in of each service within seconds', async () => {
      const mailbox = await world().open('counted');
      const startedAt = Date.now();
      for (const service of ['imaps', 'pop3s'] as const)
        await eventually(async () => (await knock(world(), service, loginOf(mailbox))).isIn);
      await arrive(world(), { to: mailbox.address, body: 'x'.repeat(5_000) });
      const sentAt = performance.now();
      const seen = await eventually(async () => {
        const now = await world().bakery.api.get<Counted>(mailbox.path);
        return now.usage.messages === 1 && now.lastSignIns.length >= 2 ? now : null;
      });
      figure(
        `a delivery and two sign-ins show in the API after ${(performance.now() - sentAt).toFixed(0)} ms`,
      );
      expect(seen.usage.bytes).toBeGreaterThan(5_000);
      expect(seen.lastSignIns.map(({ service }) => service).toSorted()).toEqual(['imap', 'pop3']);
      for (const { at } of seen.lastSignIns)
        expect(Math.abs(Date.parse(at) - startedAt)).toBeLessThan(60_000);
    });
  });
};

interface Counted {
  readonly usage: { readonly bytes: number; readonly messages: number };
  readonly lastSignIns: readonly { readonly service: string; readonly at: string }[];
}

const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*' + 'GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
