import { execFile, spawn } from 'node:child_process';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { renderZone } from '#libs/dns';
import { Redis } from 'ioredis';
import nodemailer from 'nodemailer';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findProcess } from '../../src/stack/services/process-table.js';
import { LocalStack, type Profile } from '../../src/stack/stack.js';
import { groundSteps } from '../../src/stack/steps.js';

const PORT_BASE = 22_000;
const SANDBOX_ADDRESS = '127.87.8.1';
const SUPERVISOR = path.join(import.meta.dirname, 'supervisor.mjs');

const run = promisify(execFile);
let dataDir: string;
const planned = (profile: Profile = 'test', lines: string[] = []) =>
  LocalStack.plan({
    dataDir,
    portBase: PORT_BASE,
    sandboxAddress: SANDBOX_ADDRESS,
    profile,
    steps: groundSteps,
    report: (line) => lines.push(line),
  });

/** Not under the system's temporary folder: Postgres must be able to enter it. */
beforeAll(async () => {
  dataDir = await mkdtemp('/var/tmp/stack-');
  await rm(dataDir, { recursive: true });
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const resolver = (server = SANDBOX_ADDRESS) => {
  const made = new dns.Resolver({ timeout: 400, tries: 1 });
  made.setServers([server]);
  return made;
};

/** @returns what `look` gives once it is truthy. @throws when it is not in time. */
async function eventually<T>(look: () => Promise<T>, withinMs: number): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await pause(20)) {
    const found = await look().catch(() => undefined);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`);
  }
}

describe('a running stack', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = planned();
    await stack.start();
  }, 60_000);
  afterAll(() => stack.stop());

  it('has a durable Postgres with checksums and passwords', async () => {
    const { superuserUrl } = stack.settings.postgres;
    const [row] = await query(
      superuserUrl,
      `select current_setting('fsync') fsync, current_setting('data_checksums') sums`,
    );
    expect(row).toEqual({ fsync: 'on', sums: 'on' });
    await expect(query(superuserUrl.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
  });

  it('has a Redis that wants its password and never evicts', async () => {
    const redis = new Redis(stack.settings.redis.url);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
    redis.disconnect();
    const stranger = new Redis(stack.settings.redis.port, { lazyConnect: true, maxRetriesPerRequest: 0 });
    stranger.on('error', () => undefined);
    await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });

  it('keeps secrets and keys from other users', async () => {
    const secret = ['(', '-name', '*.key', '-o', '-name', 'secrets.json', '-o', '-name', 'redis.conf', ')'];
    const { stdout: all } = await run('find', [dataDir, ...secret]);
    expect(all.trim().split('\n').length).toBeGreaterThan(3);
    expect((await run('find', [dataDir, ...secret, '-perm', '/o+rwx'])).stdout).toBe('');
  });

  it('answers DNS on port 53 of its address and on its extra port, with changes at once', async () => {
    stack.dns.set('acme.example', 'TXT', ['proof=1']);
    expect(await resolver().resolveTxt('acme.example')).toEqual([['proof=1']]);
    expect(await resolver(`127.0.0.1:${stack.ports.dns}`).resolveTxt('acme.example')).toEqual([['proof=1']]);
    stack.dns.set('acme.example', 'TXT', ['proof=2']);
    expect(await resolver().resolveTxt('acme.example')).toEqual([['proof=2']]);
  });

  it('tells a name that does not exist from one without such records', async () => {
    stack.dns.set('acme.example', 'MX', ['10 mx.acme.example']);
    await expect(resolver().resolveTxt('nothing.acme.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver().resolve4('acme.example')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('leads a resolver that asks the zone’s own servers to itself', async () => {
    stack.dns.set('acme.example', 'MX', ['10 mx.acme.example']);
    const [server] = await resolver().resolveNs('acme.example');
    expect(await resolver().resolve4(server ?? '')).toEqual([SANDBOX_ADDRESS]);
    expect(await resolver().resolveSoa('acme.example')).toMatchObject({ nsname: server });
  });

  it('answers what does not fit a datagram over TCP', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `v=DKIM1; n=${index}; p=${'A'.repeat(392)}`);
    stack.dns.set('big.acme.example', 'TXT', keys);
    const found = await resolver().resolveTxt('big.acme.example');
    expect(found.map((chunks) => chunks.join('')).toSorted()).toEqual(keys.toSorted());
  });

  it('fails as asked and heals', async () => {
    stack.dns.set('_x.sick.example', 'TXT', ['well']);
    stack.dns.fail('sick.example', 'servfail');
    await expect(resolver().resolveTxt('_x.sick.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
    stack.dns.fail('sick.example', 'timeout');
    await expect(resolver().resolveTxt('_x.sick.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    stack.dns.heal('sick.example');
    expect(await resolver().resolveTxt('_x.sick.example')).toEqual([['well']]);
  });

  it('follows its zone files within 200 ms, and keeps the last good one', async () => {
    const file = path.join(stack.settings.dns.zoneFolder, 'mailzone.fjordnet.example.zone');
    const zoneWith = (address: string) =>
      renderZone({
        origin: 'mailzone.fjordnet.example',
        ttlSeconds: 300,
        serial: 7,
        soa: {
          primary: 'ns.sandbox.example',
          contact: 'dns.team@fjordnet.example',
          refreshSeconds: 60,
          retrySeconds: 60,
          expireSeconds: 600,
          negativeSeconds: 60,
        },
        records: [{ name: 'mx.mailzone.fjordnet.example', type: 'A', value: address }],
      });
    const lookUp = async () => (await resolver().resolve4('mx.mailzone.fjordnet.example'))[0];
    await writeFile(`${file}.new`, zoneWith('127.0.0.3'));
    await rename(`${file}.new`, file);
    await eventually(async () => (await lookUp()) === '127.0.0.3', 200);
    await writeFile(file, zoneWith('127.0.0.4'));
    await eventually(async () => (await lookUp()) === '127.0.0.4', 200);
    await writeFile(file, 'half a fi');
    await pause(250);
    expect(await lookUp()).toBe('127.0.0.4');
    expect((await resolver().resolveSoa('mailzone.fjordnet.example')).serial).toBe(7);
    await rm(file);
    await eventually(
      async () => (await lookUp().catch((error: { code: string }) => error.code)) === 'ENOTFOUND',
      200,
    );
  });

  it('lets records be changed over HTTP, but not by a web page', async () => {
    const url = `${stack.settings.dns.controlUrl}/records`;
    const body = JSON.stringify({ name: 'demo.example', type: 'TXT', values: ['changed'] });
    const put = (contentType: string) =>
      fetch(url, { method: 'PUT', body, headers: { 'content-type': contentType } });
    expect((await put('text/plain')).status).toBe(415);
    expect((await put('application/json')).status).toBe(200);
    expect(await resolver().resolveTxt('demo.example')).toEqual([['changed']]);
    expect(
      (await fetch(url, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } }))
        .status,
    ).toBe(400);
  });

  describe('the sandbox Internet', () => {
    const send = (to: string) =>
      nodemailer
        .createTransport({
          host: SANDBOX_ADDRESS,
          port: 25,
          name: 'mail.test',
          tls: { rejectUnauthorized: false },
        })
        .sendMail({ from: 'ana@bakery.example', to, subject: 'Bread', text: '.\nA dot and ø' });
    afterEach(() => {
      stack.sink.accept();
      stack.sink.clear();
    });

    it('takes mail for the domains whose MX points at it, and keeps the letter with its envelope', async () => {
      expect(await resolver().resolveMx('elsewhere.example')).toEqual([
        { priority: 10, exchange: 'mx.sandbox.example' },
      ]);
      await send('bo@elsewhere.example');
      const [message] = stack.sink.messages;
      expect(message).toMatchObject({
        sender: 'ana@bakery.example',
        recipients: ['bo@elsewhere.example'],
        greetedAs: 'mail.test',
        overTls: true,
      });
      const files = await readdir(stack.settings.sink.folder);
      expect(files).toContain(`${message?.id}.json`);
      const letter = await readFile(path.join(stack.settings.sink.folder, `${message?.id}.eml`), 'latin1');
      expect(letter).toBe(message?.content);
      const listed = (await (await fetch(`${stack.settings.sink.controlUrl}/messages`)).json()) as unknown[];
      expect(listed).toHaveLength(1);
    });

    it('refuses on request, at the recipient or after the content, and takes mail again', async () => {
      stack.sink.refuse({
        stage: 'recipient',
        recipient: '@elsewhere.example',
        code: 451,
        sentence: '4.3.0 Later.',
      });
      await expect(send('bo@elsewhere.example')).rejects.toMatchObject({ responseCode: 451 });
      stack.sink.refuse({ stage: 'content', code: 554, sentence: '5.7.1 No.' });
      await expect(send('bo@far-away.example')).rejects.toMatchObject({ responseCode: 554 });
      expect(stack.sink.messages).toHaveLength(0);
      stack.sink.accept();
      await send('bo@elsewhere.example');
      expect(stack.sink.messages).toHaveLength(1);
    });
  });

  it('refuses a second supervisor in the same folder, and leaves the first alone', async () => {
    await expect(planned().start()).rejects.toThrow(
      new RegExp(`already runs from ${dataDir} \\(process ${process.pid}\\)`),
    );
    expect(stack.service('postgres').isAlive()).toBe(true);
  });

  it('gives a drill a handle: killed means gone, started means serving', async () => {
    const service = stack.service('postgres');
    await service.kill();
    await expect(query(stack.settings.postgres.superuserUrl, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    await service.start();
    expect(await query(stack.settings.postgres.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a stack that was stopped', () => {
  it('leaves no process and no record, and finds its data and secrets again', async () => {
    const first = planned();
    await first.start();
    await query(first.settings.postgres.superuserUrl, 'create table kept as select 42 as answer');
    const { secrets } = first.settings;
    const pids = [...first.services.values()].map((service) => service.pid ?? 0);
    await first.stop();
    expect((await Promise.all(pids.map(findProcess))).filter((each) => each !== null)).toEqual([]);
    expect((await readdir(path.join(dataDir, 'run'))).filter((name) => name.endsWith('.json'))).toEqual([]);
    const second = planned();
    await second.start();
    expect(second.settings.secrets).toEqual(secrets);
    expect(await query(second.settings.postgres.superuserUrl, 'select answer from kept')).toEqual([
      { answer: 42 },
    ]);
    await second.stop();
  }, 60_000);

  it('names a port that is taken, and starts nothing', async () => {
    const squatter = createServer().listen(PORT_BASE + 379, '127.0.0.1');
    await once(squatter, 'listening');
    const stack = planned();
    await expect(stack.start()).rejects.toThrow(
      `Port ${PORT_BASE + 379} on 127.0.0.1 (Redis) is taken: end the program that uses it, or choose other ports with LIVERY_PORT_BASE`,
    );
    expect([...stack.services.keys()]).toEqual([]);
    squatter.close();
  });
});

describe('after kill -9 of the supervisor', () => {
  it('the next start takes over what it left, and serves', async () => {
    const supervisor = spawn(process.execPath, [SUPERVISOR, dataDir, String(PORT_BASE), SANDBOX_ADDRESS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(supervisor.stdout, 'data');
    const records = path.join(dataDir, 'run');
    const left = await Promise.all(
      ['postgres', 'redis'].map(async (name) => {
        return (JSON.parse(await readFile(path.join(records, `${name}.json`), 'utf8')) as { pid: number })
          .pid;
      }),
    );
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    expect((await Promise.all(left.map(findProcess))).every((each) => each !== null)).toBe(true);

    const lines: string[] = [];
    const next = planned('test', lines);
    await next.start();
    expect(
      (await Promise.all(left.map(findProcess))).filter((each) => each !== null && !each.zombie),
    ).toEqual([]);
    expect(lines[0]).toMatch(/ended what an earlier start left running: (postgres, redis|redis, postgres)/);
    expect(await query(next.settings.postgres.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await next.stop();
  }, 60_000);
});
