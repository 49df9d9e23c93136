import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { authoritativeFirst, type FakeRecords, fakeResolver, type Resolver } from '#libs/dns';
import { CONTRACT_ZONE, resolverContract } from './resolver.contract.js';
import { type ScriptedDns, serveRecords } from './scripted-dns.js';

const running: ScriptedDns[] = [];

async function serve(zone: string | null, records: FakeRecords): Promise<ScriptedDns> {
  const server = await serveRecords(zone, records);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** The delegation of acme.test to a server on this machine. */
const delegation: FakeRecords = { 'NS acme.test': ['ns.acme.test'], 'A ns.acme.test': ['127.0.0.1'] };

interface Sandbox {
  readonly resolvers: readonly ScriptedDns[];
  readonly authority?: ScriptedDns;
  readonly allowPrivate?: boolean;
}

function ask({ resolvers, authority, allowPrivate = true }: Sandbox): Resolver {
  return authoritativeFirst({
    resolvers: resolvers.map(({ address }) => address),
    allowPrivate,
    timeoutMs: 300,
    tries: 1,
    authoritativePort: authority?.port ?? 9,
  });
}

resolverContract('The fake', async (records) => fakeResolver(records));

resolverContract('The Node adapter', async (records) => {
  const server = await serve(CONTRACT_ZONE, { ...delegation, ...records });
  return ask({ resolvers: [server], authority: server });
});

resolverContract('The Node adapter on recursive resolvers alone', async (records) => {
  const resolvers = await Promise.all([1, 2, 3].map(() => serve('test', records)));
  return ask({ resolvers });
});

describe('authoritativeFirst', () => {
  const fresh: FakeRecords = { 'TXT acme.test': ['fresh'] };
  const stale: FakeRecords = { ...delegation, 'TXT acme.test': ['stale'] };

  it('believes the servers of the zone, not a cache that is behind', async () => {
    const [cache, authority] = [await serve('test', stale), await serve('acme.test', fresh)];
    const answer = await ask({ resolvers: [cache], authority }).lookup('TXT', 'acme.test');
    expect(answer).toEqual({ outcome: 'found', values: ['fresh'] });
  });

  it('sees that a record is gone while a cache still has it', async () => {
    const [cache, authority] = [await serve('test', stale), await serve('acme.test', {})];
    expect(await ask({ resolvers: [cache], authority }).lookup('TXT', 'acme.test')).toEqual({
      outcome: 'absent',
    });
  });

  it('asks the recursive resolvers when no server of the zone answers', async () => {
    const cache = await serve('test', stale);
    expect(await ask({ resolvers: [cache] }).lookup('TXT', 'acme.test')).toMatchObject({ values: ['stale'] });
  });

  it('takes no "absent" from a server that does not hold the zone', async () => {
    const [cache, lame] = [await serve('test', stale), await serve(null, {})];
    expect(await ask({ resolvers: [cache], authority: lame }).lookup('TXT', 'acme.test')).toMatchObject({
      values: ['stale'],
    });
  });

  it('never sends a question to a private address unless a sandbox allows it', async () => {
    const [cache, authority] = [await serve('test', stale), await serve('acme.test', fresh)];
    const answer = await ask({ resolvers: [cache], authority, allowPrivate: false }).lookup(
      'TXT',
      'acme.test',
    );
    expect(answer).toMatchObject({ values: ['stale'] });
    expect(authority.asked).toEqual([]);
  });

  it('needs two of three recursive resolvers to agree, in any order of values', async () => {
    const resolvers = await Promise.all([
      serve('test', { 'TXT acme.test': ['a', 'b'] }),
      serve('test', { 'TXT acme.test': ['forged'] }),
      serve('test', { 'TXT acme.test': ['b', 'a'] }),
    ]);
    const answer = await ask({ resolvers }).lookup('TXT', 'acme.test');
    expect(answer.outcome === 'found' && answer.values.toSorted()).toEqual(['a', 'b']);
  });

  it('knows nothing when recursive resolvers disagree or too few answer', async () => {
    const one = await serve('test', { 'TXT acme.test': ['one'] });
    const two = await serve('test', { 'TXT acme.test': ['two'] });
    const failing = await serve('test', { failing: ['TXT acme.test'] });
    expect(await ask({ resolvers: [one, two] }).lookup('TXT', 'acme.test')).toEqual({
      outcome: 'unknown',
      why: 'disagreement',
    });
    expect(await ask({ resolvers: [one, failing] }).lookup('TXT', 'acme.test')).toMatchObject({
      outcome: 'unknown',
    });
  });

  it('looks for the zone of a name above an alias, not behind it', async () => {
    const records: FakeRecords = { ...delegation, 'CNAME k1.acme.test': ['isp.test'] };
    const cache = await serve('test', { ...records, 'NS k1.acme.test': ['ns.isp.test'] });
    const authority = await serve('acme.test', { 'CNAME k1.acme.test': ['isp.test'] });
    expect(await ask({ resolvers: [cache], authority }).lookup('CNAME', 'k1.acme.test')).toMatchObject({
      values: ['isp.test'],
    });
    expect(cache.asked).not.toContain('A ns.isp.test');
  });

  it('calls silence unknown, within its deadline', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    const resolver = authoritativeFirst({
      resolvers: [`127.0.0.1:${silent.address().port}`],
      allowPrivate: true,
      timeoutMs: 5_000,
      tries: 3,
      deadlineMs: 200,
    });
    const start = performance.now();
    expect(await resolver.lookup('TXT', 'acme.test')).toEqual({ outcome: 'unknown', why: 'timeout' });
    expect(performance.now() - start).toBeLessThan(2_000);
    silent.close();
  });
});
