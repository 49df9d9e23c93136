import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../src/platform/config/config.module.js';
import { SmtpNoticesSender } from '../../src/notices/smtp-notices.sender.js';
import { LocalAuthority } from '../../src/stack/internet/authority.js';
import { FakeNotices } from './fake-notices.js';
import { LETTER, noticesContract, type NoticesGround } from './notices.contract.js';
import { header, readLetter } from './received-letter.js';

noticesContract('The fake', () => {
  const sender = new FakeNotices();
  return Promise.resolve({
    sender,
    arrived: () => sender.sent,
    refuse: (address) => sender.refuse(address),
    stop: () => Promise.resolve(),
  });
});

interface Received {
  readonly raw: string;
  readonly greetedAs: string;
  readonly overTls: boolean;
  readonly sender: string;
  readonly recipients: readonly string[];
}

interface MailSystem extends NoticesGround {
  readonly received: readonly Received[];
}

let folder: string;
let certificate: { readonly key: Buffer; readonly cert: Buffer };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notices-'));
  const { keyFile, certFile } = await (await LocalAuthority.open(folder)).ensureLeaf('mx', ['127.0.0.1']);
  certificate = { key: await readFile(keyFile), cert: await readFile(certFile) };
});
afterAll(() => rm(folder, { recursive: true }));

/** A mail system that offers TLS with a certificate nobody trusts, as a private one may. */
const startMailSystem = async (): Promise<MailSystem> => {
  const received: Received[] = [];
  const refused = new Set<string>();
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) =>
      done(refused.has(address) ? Object.assign(new Error('full'), { responseCode: 452 }) : null),
    onData: (stream, session, done) => {
      // The session is emptied once the message is taken.
      const { mailFrom, rcptTo } = session.envelope;
      const seen = {
        greetedAs: session.hostNameAppearsAs,
        overTls: session.secure,
        sender: mailFrom === false ? '' : mailFrom.address,
        recipients: rcptTo.map(({ address }) => address),
      };
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({ raw: Buffer.concat(chunks).toString('latin1'), ...seen });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  return {
    sender: new SmtpNoticesSender({ NOTICES_ADDRESS: `127.0.0.1:${port}` } as Configuration),
    received,
    arrived: () => received.map(({ raw }) => readLetter(raw)),
    refuse: (address) => refused.add(address),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

noticesContract('The mail system', startMailSystem);

describe('a letter on its way', () => {
  let system: MailSystem;

  beforeEach(async () => {
    system = await startMailSystem();
    await system.sender.send(LETTER);
  });
  afterEach(() => system.stop());

  it('says that a machine wrote it, and not which program or machine', () => {
    const { raw, greetedAs } = system.received[0]!;
    expect(header(raw, 'auto-submitted')).toBe('auto-generated');
    expect(header(raw, 'x-mailer')).toBe('');
    expect(raw).not.toMatch(/nodemailer|livery/i);
    expect(raw.toLowerCase()).not.toContain(hostname().toLowerCase());
    expect(greetedAs).not.toContain(hostname());
  });

  it('goes to its one reader, without TLS, in the name of its writer', () => {
    expect(system.received[0]).toMatchObject({
      overTls: false,
      sender: LETTER.from.address,
      recipients: [LETTER.to.address],
    });
  });

  it('is not lost silently while the mail system is away', async () => {
    const away = new SmtpNoticesSender({ NOTICES_ADDRESS: '127.0.0.1:1' } as Configuration);
    await expect(away.send(LETTER)).rejects.toThrow(/ECONNREFUSED/);
  });
});
