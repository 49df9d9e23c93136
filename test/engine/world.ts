import { randomUUID } from 'node:crypto';
import { type House, openHouse, type SellingReseller } from '../house/house.js';
import type { Delivery, Login, Mail } from '../house/dialogue.js';
import { handIn } from '../house/dialogue.js';
import { holds } from '../house/mail.js';
import { eventually } from '../house/house.js';
import { openMailbox, type OpenTenant, openTenant, proveDomain, type TestMailbox } from '../house/tenant.js';

export const OUTSIDE = 'friend@elsewhere.example';

/** One house for every promise of the engine: two tenants of one reseller whose brand has no mail domain of its own. */
export interface World {
  readonly house: House;
  readonly fjord: SellingReseller;
  readonly bakery: OpenTenant;
  readonly bakeryDomain: string;
  readonly dental: OpenTenant;
  readonly ana: TestMailbox;
  readonly erik: TestMailbox;
  readonly clerk: TestMailbox;
  /** A further mailbox of the bakery, for a test that changes it for good. */
  open(localPart: string, wish?: { quotaBytes?: number; planId?: string }): Promise<TestMailbox>;
}

export const openWorld = async (base: { port: number; address: string }): Promise<World> => {
  const house = await openHouse(base);
  try {
    return await furnish(house);
  } catch (fault) {
    await house.close();
    throw fault;
  }
};

const furnish = async (house: House): Promise<World> => {
  const fjord = await house.openReseller('Fjordnet');
  const bakery = await openTenant(fjord, 'Bakery', 60);
  const dental = await openTenant(fjord, 'Dental', 5);
  const [bakeryDomain, dentalDomain] = await Promise.all([
    proveDomain(bakery, house.stack.dns, 'bakery.example'),
    proveDomain(dental, house.stack.dns, 'dental.example'),
  ]);
  const at = { planId: fjord.planId, domainId: bakeryDomain, domain: 'bakery.example' };
  const open: World['open'] = (localPart, wish = {}) => openMailbox(bakery, { ...at, ...wish, localPart });
  const [ana, erik] = [await open('ana'), await open('erik')];
  const clerk = await openMailbox(dental, {
    planId: fjord.planId,
    domainId: dentalDomain,
    domain: 'dental.example',
    localPart: 'clerk',
  });
  const world = { house, fjord, bakery, bakeryDomain, dental, ana, erik, clerk, open };
  await ready(world);
  return world;
};

/** Mailboxes take mail and their domains sign: both take a moment after the last write. */
const ready = async (world: World): Promise<void> => {
  for (const mailbox of [world.erik, world.clerk]) {
    await eventually(async () => {
      const { reply } = await send(world, mailbox, { to: world.ana.address });
      return reply.startsWith('250');
    }, 30_000);
  }
};

/** A measured figure, for whoever reads the run. */
export const figure = (text: string): void => void process.stdout.write(`   ${text}\n`);

export const settingsOf = (world: World) => world.house.stack.settings;
export const loginOf = (mailbox: TestMailbox): Login => ({
  name: mailbox.address,
  password: mailbox.appPassword,
});

export interface Note {
  readonly id: string;
  readonly text: string;
}

/** A short message with an id to find it by; `headers` come first. */
export const note = (headers: string, body = 'Good morning.'): Note => {
  const id = `<${randomUUID()}@elsewhere.example>`;
  const date = 'Date: Mon, 23 Nov 2026 10:00:00 +0000';
  return { id, text: `${headers}\nMessage-Id: ${id}\nSubject: Hello\n${date}\n\n${body}\n` };
};

interface Wish extends Partial<Omit<Mail, 'content' | 'login'>> {
  readonly to: string | readonly string[];
  readonly headers?: string;
  readonly body?: string;
}

export type Sent = Delivery & { readonly id: string };

const give = async (world: World, wish: Wish & { from: string; login?: Login }): Promise<Sent> => {
  const { id, text } = note(wish.headers ?? `From: <${wish.from}>\nTo: <${[wish.to].flat()[0]}>`, wish.body);
  return { id, ...(await handIn(settingsOf(world), { ...wish, content: text })) };
};

/** From somebody else's mail server, through the front door. */
export const arrive = (world: World, wish: Wish): Promise<Sent> => give(world, { from: OUTSIDE, ...wish });

/** By a mail program of ours. */
export const send = (world: World, mailbox: TestMailbox, wish: Wish): Promise<Sent> =>
  give(world, { from: mailbox.address, login: loginOf(mailbox), ...wish });

export const arrivesIn = (world: World, mailbox: TestMailbox, id: string, folder = 'INBOX'): Promise<true> =>
  eventually(async () => (await holds(settingsOf(world), loginOf(mailbox), id, folder)) || null);

export const sinks = (world: World, id: string) =>
  eventually(async () => world.house.stack.sink.messages.find(({ content }) => content.includes(id)));
