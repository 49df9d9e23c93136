import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalAuthority } from './authority.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const names = ['mail.fjordnet.localhost', '*.fjordnet.localhost', '127.0.0.1'];

describe('the local authority', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'authority-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('gives a chain that a TLS client with only the authority accepts for names, wildcards and addresses', async () => {
    const authority = await LocalAuthority.open(dataDir);
    const files = await authority.ensureLeaf('stack', names);
    const server = createServer({ cert: await readFile(files.certFile), key: await readFile(files.keyFile) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const isTrusted = (servername: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', servername, ca: authority.certificatePem });
        socket.on('secureConnect', () => resolve(socket.destroy() && socket.authorized));
        socket.on('error', () => resolve(false));
      });
    expect(await isTrusted('mail.fjordnet.localhost')).toBe(true);
    expect(await isTrusted('my.fjordnet.localhost')).toBe(true);
    expect(await isTrusted('somebody-else.localhost')).toBe(false);
    server.close();
    const leaf = new X509Certificate(await readFile(files.certFile));
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('keeps the key from other users', async () => {
    const { keyFile } = await (await LocalAuthority.open(dataDir)).ensureLeaf('stack', names);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  });

  it('finds its authority and its certificate again', async () => {
    await (await LocalAuthority.open(dataDir)).ensureLeaf('stack', names);
    const again = await LocalAuthority.open(dataDir);
    expect((await again.ensureLeaf('stack', names.toReversed())).renewed).toBe(false);
  });

  it('renews when a name is added', async () => {
    const authority = await LocalAuthority.open(dataDir);
    await authority.ensureLeaf('stack', names);
    expect((await authority.ensureLeaf('stack', [...names, 'new.localhost'])).renewed).toBe(true);
  });

  it('renews with less than seven days left, and not with eight', async () => {
    await (await LocalAuthority.open(dataDir)).ensureLeaf('stack', names);
    const inDays = (days: number) => LocalAuthority.open(dataDir, () => new Date(Date.now() + days * DAY_MS));
    expect((await (await inDays(82)).ensureLeaf('stack', names)).renewed).toBe(false);
    expect((await (await inDays(83.5)).ensureLeaf('stack', names)).renewed).toBe(true);
  });

  it('renews a certificate whose key was replaced', async () => {
    const authority = await LocalAuthority.open(dataDir);
    const { keyFile } = await authority.ensureLeaf('stack', names);
    const other = await authority.ensureLeaf('other', names);
    await writeFile(keyFile, await readFile(other.keyFile));
    expect((await authority.ensureLeaf('stack', names)).renewed).toBe(true);
  });
});
