import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseSteps } from '../../src/stack/house/house-steps.js';
import { listRecords } from '../../src/stack/services/pid-record.js';
import { endNow } from '../../src/stack/services/process-ending.js';
import { findProcess } from '../../src/stack/services/process-table.js';
import { takeOver } from '../../src/stack/services/take-over.js';
import { LocalStack } from '../../src/stack/stack.js';
import { groundSteps } from '../../src/stack/steps.js';
import { eventually, type Made } from '../house/house.js';
import { curl, holds, newMessageId, openImap, sendIn } from '../house/mail.js';
import { openMailbox, proveDomain, type TestMailbox } from '../house/tenant.js';
import { Book } from './book.js';
import { type Attempt, judge, type Verdict } from './ledger.js';
import { randomFrom } from './letter.js';
import { flushQueue, listQueue, waitForEmptyQueue } from './queue.js';
import { findAll, isCaughtUp, Load, loginOf, mailboxesOf, openScene, query, type Scene } from './scene.js';
import type { SignIn } from './sign-in-load.js';
import { ask, type Write, WriteLoad } from './write-load.js';

const PORT_BASE = 26_000;
const SANDBOX_ADDRESS = '127.87.5.1';
const DARK_MS = 8_000;
/** Postfix's own limit for one mail store: so many may be under way between the count and the kill. */
const DELIVERIES_AT_ONCE = 20;
const CONTROL_PLANE = ['web', 'worker', 'agent', 'policy', 'redis'] as const;

const seed = Date.now() % 1_000_000;
let scene: Scene;
/** Of all drills: what an earlier one delivered is still there, and still right, after a later one. */
let attempts: Attempt[] = [];

const say = (what: string): void => void process.stdout.write(`survival (seed ${seed}): ${what}\n`);
const stack = (): LocalStack => scene.house.stack;
const settings = () => stack().settings;
const someone = (customer: 0 | 1, index: number): TestMailbox => {
  const found = scene.customers[customer].mailboxes[index];
  if (found === undefined) throw new Error('Nobody there.');
  return found;
};

beforeAll(async () => {
  scene = await openScene({ port: PORT_BASE, address: SANDBOX_ADDRESS }, randomFrom(seed));
});
afterAll(async () => {
  // What a supervisor left behind when the drill failed between its death and the next start.
  if (scene !== undefined) await takeOver(settings().dataDir);
  await scene?.house.close();
});

const kill = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    expect(stack().service(name).isAlive(), `${name} had ended by itself`).toBe(true);
    await stack().service(name).kill();
  }
};
const start = async (...names: readonly string[]): Promise<void> => {
  await Promise.all(names.map((name) => stack().service(name).start()));
};

const CLEAN = { lost: [], validBounced: [], invented: [], foreign: [], damaged: [], ghosts: [] };

/** Waits until nothing is under way, then holds all mailboxes against all ledgers. */
const settle = async (load: Load): Promise<Verdict> => {
  await load.stop();
  await flushQueue(settings());
  await waitForEmptyQueue(settings());
  attempts = [...attempts, ...load.attempts.read()];
  const verdict = judge(attempts, await findAll(scene));
  const { accepted, delivered, duplicates } = verdict;
  say(`accepted ${accepted}, delivered ${delivered}, duplicates ${duplicates}`);
  return verdict;
};

const finalsOf = (load: Load): Attempt[] => [
  ...new Map(load.attempts.read().map((line) => [line.messageId, line])).values(),
];
const complaints = (signIns: readonly SignIn[]): SignIn[] =>
  signIns.filter(({ wanted, got }) => wanted !== got);

describe('while everything behind the engine is dead', () => {
  let load: Load;
  let writes: Book<Write>;
  let writer: WriteLoad;
  let darkFromMs = 0;
  let darkToMs = 0;
  let visitor: TestMailbox;
  let visitorPasswordId: string;

  const wish = (number: number) => {
    const mailbox = mailboxesOf(scene)[number % 3];
    if (number >= 45 || mailbox === undefined) return null;
    const name = `write-${number}`;
    return { name, path: `${mailbox.path}/app-passwords`, body: { name, scopes: ['imap'] } };
  };

  /** Until so many of the writes were answered with "made". */
  const answered = (count: number) =>
    eventually(async () => writes.read().filter(({ status }) => status === 201).length >= count);

  beforeAll(async () => {
    visitor = someone(1, 2);
    const made = await scene.customers[1].tenant.api.get<{ items: Made[] }>(`${visitor.path}/app-passwords`);
    visitorPasswordId = made.items[0]?.id ?? '';
    load = new Load(scene, 'dark');
    writes = new Book(path.join(settings().dataDir, 'dark-writes.ledger'));
    writer = new WriteLoad({ book: writes, api: scene.customers[0].tenant.api, wish, pauseMs: 50 });
    load.start();
    await pause(2_000);
  });
  afterAll(() => load?.stop());

  it('takes up work by itself after a Postgres that was gone for a moment, with nothing else restarted', async () => {
    writer.start();
    await answered(5);
    await kill('postgres');
    await pause(1_000);
    await start('postgres');
    await writer.stop();
    const fresh = await eventually(() => openHere('blink'), 10_000);
    await eventually(async () => (await sendTo(fresh.address)).code === 0, 10_000);
    expect(CONTROL_PLANE.filter((name) => !stack().service(name).isAlive())).toEqual([]);
  });

  it('takes mail and lets people in for as long as all of it is dead', async () => {
    const already = new Set(writes.read().map(({ name }) => name)).size;
    const again = new WriteLoad({
      book: writes,
      api: scene.customers[0].tenant.api,
      wish: (number) => wish(already + number),
      pauseMs: 20,
    });
    again.start();
    await answered(12);
    await kill('postgres', ...CONTROL_PLANE);
    darkFromMs = Date.now();
    await again.stop();
    await pause(DARK_MS - (Date.now() - darkFromMs));
    darkToMs = Date.now();
    expect([...CONTROL_PLANE, 'postgres'].filter((name) => stack().service(name).isAlive())).toEqual([]);
  });

  it('applies afterwards what was revoked and what was opened while the node was cut off', async () => {
    const session = await openImap(settings(), loginOf(visitor));
    const gone = new Promise((resolve) => session.on('close', () => resolve('gone')));
    session.on('error', () => undefined);
    await start('postgres', 'redis');
    await start('web');
    const { api } = scene.customers[1].tenant;
    const revoked = await api.ask('DELETE', `${visitor.path}/app-passwords/${visitorPasswordId}`);
    expect(revoked.status).toBe(204);
    const domain = 'harbour.example';
    const proven = proveDomain(scene.customers[1].tenant, stack().dns, domain);
    await start('worker', 'agent', 'policy');
    await eventually(
      async () => (await curl(settings(), loginOf(visitor), { scheme: 'imaps', path: '' })).code === 67,
    );
    expect(await Promise.race([gone, pause(5_000, 'still in', { ref: false })])).toBe('gone');
    const { planId } = scene.reseller;
    const wished = { planId, domainId: await proven, domain, localPart: 'new' };
    const fresh = await openMailbox(scene.customers[1].tenant, wished);
    await receives(fresh);
    await eventually(() => isCaughtUp(scene), 20_000);
  });

  it('has refused nobody: known people got 250 and in, unknown ones 550 and wrong passwords a no', async () => {
    await load.stop();
    const signIns = load.signIns.read();
    const finals = finalsOf(load);
    const unexpected = finals.filter(
      ({ exists, outcome }) => outcome !== (exists ? 'accepted' : 'rejected-perm'),
    );
    const isDark = ({ atMs }: { atMs: number }): boolean => atMs >= darkFromMs && atMs <= darkToMs;
    const right = signIns.filter(({ wanted, name }) => wanted === 'in' && name !== visitor.address);
    const inTheDark = finals.filter((line) => isDark(line) && line.outcome === 'accepted').length;
    say(
      `dark ${((darkToMs - darkFromMs) / 1000).toFixed(1)} s: ${inTheDark} of ${finals.length} messages accepted, ` +
        `${right.filter(isDark).length} of ${right.length} right sign-ins, ${complaints(right).length} refused`,
    );
    expect(unexpected).toEqual([]);
    expect(load.unreachableAtMs).toEqual([]);
    expect(complaints(signIns.filter((line) => line.name !== visitor.address))).toEqual([]);
    expect(inTheDark).toBeGreaterThan(DARK_MS / 200);
    expect(finals.some((line) => isDark(line) && !line.exists)).toBe(true);
    expect(right.filter(isDark).length).toBeGreaterThan(DARK_MS / 500);
  });

  it('has lost, bounced, misdelivered and damaged nothing', async () => {
    // The visitor's password is gone for good: the mailbox is read with a new one.
    await renewPassword(visitor);
    expect(await settle(load)).toMatchObject(CLEAN);
  });

  it('made every write that was answered exactly once, and makes the unanswered ones when they are repeated', async () => {
    const told = writes.read();
    const done = told.filter(({ status }) => status === 201);
    const names = async () =>
      query(
        scene,
        `select name, count(*)::int as n from app_password where name like 'write-%' group by name`,
      );
    const before = await names();
    expect(done.length).toBeGreaterThan(10);
    expect(before.filter(({ n }) => n !== 1)).toEqual([]);
    const made = new Set(before.map(({ name }) => name));
    expect(done.filter(({ name }) => !made.has(name))).toEqual([]);
    const writesOnce = [...new Map(told.map((write) => [write.name, write])).values()];
    const said = await Promise.all(writesOnce.map((write) => ask(scene.customers[0].tenant.api, write)));
    expect(said.filter(({ status }) => status !== 201)).toEqual([]);
    expect(done.filter(({ name, text }) => said.find((each) => each.name === name)?.text !== text)).toEqual(
      [],
    );
    const after = await names();
    expect(after.filter(({ n }) => n !== 1)).toEqual([]);
    expect(after).toHaveLength(writesOnce.length);
    // No answer at all, done, or "not now": never a fault, which a program would take for the end of the matter.
    expect(told.filter(({ status }) => ![0, 201, 503].includes(status))).toEqual([]);
    say(`writes: ${told.length} asked, ${done.length} answered 201, ${after.length} made`);
  });

  it('passes on every event, and reacts to each', async () => {
    const waiting = `select (select count(*) from outbox where relayed_at is null)
      + (select count(*) from inbox where settled_at is null) as n`;
    await eventually(async () => (await query(scene, waiting))[0]?.['n'] === '0', 20_000);
    expect(await query(scene, `select 1 from outbox where name = 'domain.verified'`)).toHaveLength(3);
    expect(await query(scene, 'select domain_id from dkim_key')).toHaveLength(3);
  });

  const openHere = (localPart: string): Promise<TestMailbox> => {
    const { tenant, domain, domainId } = scene.customers[0];
    return openMailbox(tenant, { planId: scene.reseller.planId, domainId, domain, localPart });
  };
});

const sendTo = (to: string, messageId = newMessageId()) =>
  sendIn(settings(), { from: 'friend@elsewhere.example', to, messageId });

const receives = async (mailbox: TestMailbox): Promise<void> => {
  const messageId = newMessageId();
  await eventually(async () => (await sendTo(mailbox.address, messageId)).code === 0);
  await eventually(() => holds(settings(), loginOf(mailbox), messageId));
};

/** The mailbox keeps its name; its app password becomes a new one. */
const renewPassword = async (mailbox: TestMailbox): Promise<void> => {
  const { api } = scene.customers[1].tenant;
  const wish = { name: 'again', scopes: ['imap', 'smtp'] };
  const { password } = await api.post<{ password: string }>(`${mailbox.path}/app-passwords`, wish);
  Object.assign(mailbox, { appPassword: password });
  await eventually(
    async () => (await curl(settings(), loginOf(mailbox), { scheme: 'imaps', path: '' })).code === 0,
  );
};

describe('while the engine itself dies', () => {
  it('keeps what it accepted when Postfix, Dovecot and Rspamd are killed and started again', async () => {
    const load = new Load(scene, 'engine');
    load.start();
    const inFlight: number[] = [];
    try {
      for (const name of ['postfix', 'dovecot', 'rspamd']) {
        await pause(2_000);
        inFlight.push((await listQueue(settings())).length);
        await kill(name);
        await pause(1_500);
        await start(name);
        // At once: a mail store that was away for a moment must not have its mail wait for minutes.
        await receives(someone(0, 1));
      }
    } finally {
      await load.stop();
    }
    const verdict = await settle(load);
    say(
      `engine: in flight at the kills ${inFlight.join(', ')}; no door at ${load.unreachableAtMs.length} moments`,
    );
    expect(verdict).toMatchObject(CLEAN);
    expect(verdict.duplicates).toBeLessThanOrEqual(
      inFlight.reduce((sum, count) => sum + count, DELIVERIES_AT_ONCE),
    );
  });
});

describe('the ledger itself', () => {
  it('sees letters that vanish from the queue, one that lies elsewhere, and one that was changed', async () => {
    const before = new Set((await listQueue(settings())).map((file) => path.basename(file)));
    await kill('dovecot');
    const load = new Load(scene, 'control');
    load.start();
    await eventually(async () => (await listQueue(settings())).length >= 8);
    await load.stop();
    await kill('postfix');
    const lying = (await listQueue(settings())).filter((file) => !before.has(path.basename(file)));
    const taken = lying.slice(0, 2);
    const missing = await Promise.all(taken.map(async (file) => idIn(await readFile(file, 'latin1'))));
    for (const file of taken) await rm(file);
    await start('dovecot', 'postfix');
    const [moved, changed] = await misplace();
    const verdict = await settle(load);
    expect(verdict.lost.toSorted()).toEqual(missing.toSorted());
    expect(verdict).toMatchObject({ foreign: [moved], damaged: [changed], validBounced: [], ghosts: [] });
  });

  const idIn = (text: string): string => /<[0-9a-f]{24}@ledger\.example>/.exec(text)?.[0] ?? 'no letter';

  /** Lays a copy of one letter into a stranger's mailbox, and a changed copy of another beside it. */
  const misplace = async (): Promise<readonly [string, string]> => {
    const [own, other] = [someone(0, 0), someone(1, 0)];
    const [mine, theirs] = await Promise.all([own, other].map((each) => openImap(settings(), loginOf(each))));
    if (mine === undefined || theirs === undefined) throw new Error('No sessions.');
    try {
      await mine.mailboxOpen('INBOX');
      const texts: string[] = [];
      for await (const { source } of mine.fetch('1:*', { source: true })) texts.push(String(source));
      const [first, second] = texts.filter((text) => idIn(text) !== 'no letter');
      if (first === undefined || second === undefined) throw new Error('No letters to misplace.');
      await theirs.append('INBOX', first);
      await mine.append('INBOX', second.replace(/\r\n\r\n/, '\r\n\r\nOne more line.\r\n'));
      return [idIn(first), idIn(second)];
    } finally {
      await Promise.all([mine.logout(), theirs.logout()]);
    }
  };
});

describe('after kill -9 of the supervisor of a whole house', () => {
  it('the next start takes everything over, and mail accepted before is still there', async () => {
    const { dataDir } = settings();
    const before = judge(attempts, await findAll(scene));
    await stack().stop();
    const program = path.join(import.meta.dirname, 'supervisor.mjs');
    const supervisor = spawn(process.execPath, [program, dataDir, String(PORT_BASE), SANDBOX_ADDRESS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(supervisor.stdout, 'data');
    const records = await listRecords(dataDir);
    const store = records.find(({ name }) => name === 'dovecot');
    if (store === undefined) throw new Error('No mail store runs.');
    // With nobody to deliver to, the letter is in the queue and nowhere else.
    await endNow(store, dataDir);
    const messageId = newMessageId();
    await eventually(async () => (await sendTo(someone(0, 1).address, messageId)).code === 0);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    await eventually(async () => (await listQueue(settings())).length > 0);

    const lines: string[] = [];
    const next = LocalStack.plan({
      dataDir,
      portBase: PORT_BASE,
      sandboxAddress: SANDBOX_ADDRESS,
      profile: 'test',
      steps: [...groundSteps, ...houseSteps],
      report: (line) => lines.push(line),
    });
    await next.start();
    try {
      const left = await Promise.all(records.map(({ pid }) => findProcess(pid)));
      expect(left.filter((each) => each !== null && !each.zombie)).toEqual([]);
      for (const { name } of records) if (name !== 'dovecot') expect(lines[0]).toContain(name);
      await flushQueue(settings());
      await eventually(() => holds(settings(), loginOf(someone(0, 1)), messageId));
      expect(judge(attempts, await findAll(scene))).toEqual(before);
    } finally {
      await next.stop();
    }
  });
});
