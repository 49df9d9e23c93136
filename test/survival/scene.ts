import path from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { enginePaths } from '#libs/engine-config';
import { type House, openHouse, type SellingReseller } from '../house/house.js';
import { openMailbox, type OpenTenant, openTenant, proveDomain, type TestMailbox } from '../house/tenant.js';
import { Book } from './book.js';
import { readFindings } from './findings.js';
import type { Attempt, Findings } from './ledger.js';
import type { Random } from './letter.js';
import { type Login, MailLoad, type Recipient } from './load.js';
import { type SignIn, SignInLoad } from './sign-in-load.js';

const OUTSIDE = 'friend@elsewhere.example';

export interface Customer {
  readonly tenant: OpenTenant;
  readonly domain: string;
  readonly domainId: string;
  readonly mailboxes: readonly TestMailbox[];
}

/** A house with two customers, and the loads that a drill puts on it. */
export interface Scene {
  readonly house: House;
  readonly reseller: SellingReseller;
  readonly customers: readonly [Customer, Customer];
  readonly random: Random;
}

export const openScene = async (base: { port: number; address: string }, random: Random): Promise<Scene> => {
  const house = await openHouse(base);
  const reseller = await house.openReseller('Fjordnet');
  const [one, other] = await Promise.all([
    openCustomer(house, reseller, 'Bakery', ['ana', 'erik', 'orders']),
    openCustomer(house, reseller, 'Dental', ['clerk', 'dana', 'nurse']),
  ]);
  return { house, reseller, customers: [one, other], random };
};

const openCustomer = async (
  house: House,
  reseller: SellingReseller,
  name: string,
  localParts: readonly string[],
): Promise<Customer> => {
  const domain = `${name.toLowerCase()}.example`;
  const tenant = await openTenant(reseller, name, 20);
  const domainId = await proveDomain(tenant, house.stack.dns, domain);
  const mailboxes: TestMailbox[] = [];
  for (const localPart of localParts)
    mailboxes.push(await openMailbox(tenant, { planId: reseller.planId, domainId, domain, localPart }));
  return { tenant, domain, domainId, mailboxes };
};

export const loginOf = ({ address, appPassword }: TestMailbox): Login => ({
  name: address,
  password: appPassword,
});

export const mailboxesOf = (scene: Scene): TestMailbox[] =>
  scene.customers.flatMap(({ mailboxes }) => mailboxes);

/** Mail from outside to everybody, a tenth of it to people who never existed; and mail that customers submit. */
export class Load {
  readonly attempts: Book<Attempt>;
  readonly signIns: Book<SignIn>;
  readonly mail: readonly MailLoad[];
  private readonly people: SignInLoad;

  constructor(scene: Scene, name: string) {
    const { house, customers, random } = scene;
    const { settings } = house.stack;
    this.attempts = new Book(path.join(settings.dataDir, `${name}-mail.ledger`));
    this.signIns = new Book(path.join(settings.dataDir, `${name}-sign-ins.ledger`));
    const known = mailboxesOf(scene).map(({ address }): Recipient => ({ address, exists: true }));
    const unknown = customers.map(({ domain }): Recipient => ({
      address: `nobody@${domain}`,
      exists: false,
    }));
    const common = { book: this.attempts, random, atMost: 2_000 };
    const [author] = customers[0].mailboxes;
    if (author === undefined) throw new Error('Nobody is there to write.');
    this.mail = [
      new MailLoad({
        ...common,
        port: settings.ports.mx,
        from: OUTSIDE,
        recipients: [...known, ...known, ...known, ...unknown],
        senders: 5,
        perSecond: 20,
      }),
      new MailLoad({
        ...common,
        port: settings.ports.submission,
        login: loginOf(author),
        from: author.address,
        recipients: [...known, { address: OUTSIDE, exists: true }, ...unknown],
        senders: 1,
        perSecond: 4,
      }),
    ];
    const right = mailboxesOf(scene).flatMap((mailbox) => [
      ...Array.from({ length: 5 }, () => ({ ...loginOf(mailbox), isRight: true })),
      { name: mailbox.address, password: mailbox.password, isRight: true },
      { name: mailbox.address, password: 'not the password', isRight: false },
    ]);
    this.people = new SignInLoad({
      book: this.signIns,
      random,
      settings,
      logins: right,
      workers: 3,
      perSecond: 5,
    });
  }

  start(): void {
    for (const load of [...this.mail, this.people]) load.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.mail, this.people].map((load) => load.stop()));
  }

  get unreachableAtMs(): number[] {
    return this.mail.flatMap(({ unreachableAtMs }) => unreachableAtMs);
  }
}

/** Everything delivered since the house was opened. */
export const findAll = ({ house, ...scene }: Scene): Promise<Findings> =>
  readFindings(
    house.stack.settings,
    mailboxesOf({ house, ...scene }).map(loginOf),
    house.stack.sink.messages,
  );

const TABLES = [
  ['route', ['tenant', 'domain', 'mailbox', 'address']],
  ['auth', ['tenant', 'domain', 'mailbox', 'credential']],
] as const;

const sums = (table: string): string =>
  `select cast(count(*) as text) as n, cast(sum(digest >> 30) as text) as high,
     cast(sum(digest & 1073741823) as text) as low from ${table}`;

/** Whether the node's copy of the directory holds what Postgres holds, row for row by their digests. */
export const isCaughtUp = async (scene: Scene): Promise<boolean> => {
  const { settings } = scene.house.stack;
  const { directory } = enginePaths({ rootFolder: settings.dataDir });
  const node = TABLES.flatMap(([file, kinds]) => {
    const db = new Database(path.join(directory, file, 'current.sqlite'), { readonly: true });
    try {
      return kinds.map((kind) => db.prepare(sums(kind)).get());
    } finally {
      db.close();
    }
  });
  const truth: unknown[] = [];
  for (const kind of TABLES.flatMap(([, kinds]) => kinds))
    truth.push((await query(scene, sums(`directory.${kind}`)))[0]);
  return JSON.stringify(node) === JSON.stringify(truth);
};

/** As the database's superuser, whom no policy hides a row from. */
export const query = async (
  { house }: Scene,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> => {
  const { superuserUrl, database } = house.stack.settings.postgres;
  const client = new Client(superuserUrl.replace(/\/postgres$/, `/${database}`));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
};
