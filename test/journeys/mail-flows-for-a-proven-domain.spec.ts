import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type House, type Made, openHouse, type SellingReseller } from '../house/house.js';
import { curl, holds, newMessageId, openImap, sendIn, submit } from '../house/mail.js';
import { verifySignature } from '../house/signature.js';
import { openMailbox, type OpenTenant, openTenant, proveDomain, type TestMailbox } from '../house/tenant.js';

const run = promisify(execFile);
const OUTSIDE = 'friend@elsewhere.example';
const QUOTA_BYTES = 2_000_000;

let house: House;
let fjord: SellingReseller;
let bakery: OpenTenant;
let dental: OpenTenant;
let domainId: string;
let ana: TestMailbox;
let erik: TestMailbox;

const login = (mailbox: TestMailbox) => ({ name: mailbox.address, password: mailbox.appPassword });
const settings = () => house.stack.settings;

beforeAll(async () => {
  house = await openHouse({ port: 23_000, address: '127.87.2.1' });
  fjord = await house.openReseller('Fjordnet');
  bakery = await openTenant(fjord, 'Bakery', 5);
  dental = await openTenant(fjord, 'Dental', 5);
});
afterAll(() => house?.close());

describe('from a claim to a mailbox that works', () => {
  it('keeps a claim inert: mail to it is refused, and another tenant’s mail to it leaves for the Internet', async () => {
    const dentalDomain = await proveDomain(dental, house.stack.dns, 'dental.example');
    const clerk = await openMailbox(dental, {
      planId: fjord.planId,
      domainId: dentalDomain,
      domain: 'dental.example',
      localPart: 'clerk',
    });
    house.stack.dns.set('bakery.example', 'MX', ['10 mx.sandbox.example']);
    const claim = await bakery.api.post<Made>(`${bakery.path}/domains`, { name: 'bakery.example' });
    domainId = claim.id;

    // Not Ana: the front door remembers for half a minute that an address led nowhere.
    const refused = await sendIn(settings(), {
      from: OUTSIDE,
      to: 'anybody@bakery.example',
      messageId: newMessageId(),
    });
    expect(refused.dialogue).toMatch(/<\*\* +[45]5\d 5\.7\.1|<\*\* +554/);

    const messageId = newMessageId();
    const sent = await eventually(async () => {
      const tried = await submit(settings(), login(clerk), {
        from: clerk.address,
        to: 'ana@bakery.example',
        messageId,
      });
      return tried.code === 0 ? tried : null;
    });
    expect(sent.dialogue).toContain('250 2.0.0');
    await eventually(async () =>
      house.stack.sink.messages.some(({ content }) => content.includes(messageId)),
    );
  });

  it('verifies the domain once its records are published', async () => {
    const records = await bakery.api.get<{
      records: { name: string; type: 'TXT' | 'CNAME' | 'MX'; value: string }[];
    }>(`${bakery.path}/domains/${domainId}/records`);
    for (const { name, type, value } of records.records) house.stack.dns.set(name, type, [value]);
    const seen = await bakery.api.post<{ domain: { state: string }; records: { ready: boolean } }>(
      `${bakery.path}/domains/${domainId}/check`,
    );
    expect(seen.domain.state).toBe('verified');
    await eventually(async () => {
      const again = await bakery.api.ask('POST', `${bakery.path}/domains/${domainId}/check`);
      return (JSON.parse(again.text) as typeof seen).records.ready;
    });
  });

  it('opens two mailboxes that take mail within a second', async () => {
    const wish = { planId: fjord.planId, domainId, domain: 'bakery.example' };
    ana = await openMailbox(bakery, { ...wish, localPart: 'ana' });
    erik = await openMailbox(bakery, { ...wish, localPart: 'erik', quotaBytes: QUOTA_BYTES });
    const messageId = newMessageId();
    const sent = await eventually(async () => {
      const tried = await sendIn(settings(), { from: OUTSIDE, to: ana.address, messageId });
      return tried.code === 0 ? tried : null;
    }, 1_500);
    expect(sent.code).toBe(0);
    await eventually(() => holds(settings(), login(ana), messageId));
  });

  it('lets curl read by IMAP and POP3, and mbsync copy the mailbox', async () => {
    const imap = await curl(settings(), login(ana), { scheme: 'imaps', path: 'INBOX;MAILINDEX=1' });
    expect(imap.output).toContain('Good morning.');
    const pop = await curl(settings(), login(ana), { scheme: 'pop3s', path: '1' });
    expect(pop.output).toContain('Good morning.');
    const copied = await mbsync(ana);
    expect(copied).toHaveLength(1);
  });

  it('sends an answer that carries a signature which verifies against the published record', async () => {
    const messageId = newMessageId();
    const sent = await eventually(async () => {
      const tried = await submit(settings(), login(ana), {
        from: ana.address,
        to: OUTSIDE,
        messageId,
        subject: 'Re: Hello',
      });
      return tried.code === 0 ? tried : null;
    });
    expect(sent.dialogue).toContain('250 2.0.0');
    const arrived = await eventually(async () =>
      house.stack.sink.messages.find(({ content }) => content.includes(messageId)),
    );
    expect(arrived.overTls).toBe(true);
    expect(await verifySignature(arrived, settings().dns.address)).toEqual([
      { domain: 'bakery.example', selector: 'k1', result: 'pass' },
    ]);
  });

  it('refuses mail to a full mailbox with 452, spares its neighbours, and takes mail again once it is cleaned', async () => {
    await fill(erik);
    const refused = await eventually(async () => {
      const tried = await sendIn(settings(), { from: OUTSIDE, to: erik.address, messageId: newMessageId() });
      return tried.dialogue.includes('452 4.2.2') ? tried : null;
    });
    expect(refused.code).not.toBe(0);
    const neighbour = await sendIn(settings(), { from: OUTSIDE, to: ana.address, messageId: newMessageId() });
    expect(neighbour.dialogue).toContain('250 2.0.0');
    await empty(erik);
    await eventually(async () => {
      const tried = await sendIn(settings(), { from: OUTSIDE, to: erik.address, messageId: newMessageId() });
      return tried.code === 0;
    });
  });

  it('refuses sign-in to a suspended mailbox while it goes on receiving, and lets in again once restored', async () => {
    await bakery.api.post(`${bakery.path}/mailboxes/${ana.id}/suspend`, { reason: 'Left the company.' });
    await eventually(async () => {
      const { code } = await curl(settings(), login(ana), { scheme: 'imaps', path: '' });
      return code !== 0;
    }, 2_000);
    const messageId = newMessageId();
    const received = await sendIn(settings(), { from: OUTSIDE, to: ana.address, messageId });
    expect(received.dialogue).toContain('250 2.0.0');
    await bakery.api.post(`${bakery.path}/mailboxes/${ana.id}/restore`, {});
    await eventually(() => holds(settings(), login(ana), messageId));
  });
});

/** Appends mail over IMAP, in smaller and smaller pieces, until not even a short letter fits. */
const fill = async (mailbox: TestMailbox): Promise<void> => {
  const client = await openImap(settings(), login(mailbox));
  for (const size of [300_000, 30_000, 3_000, 300]) while (await append(client, size));
  await client.logout();
};

const append = async (client: ImapFlow, size: number): Promise<boolean> => {
  try {
    await client.append(
      'INBOX',
      'From: a@b.example\r\nSubject: big\r\n\r\n'.padEnd(size, 'full of words\r\n'),
    );
    return true;
  } catch (fault) {
    expect((fault as { serverResponseCode?: string }).serverResponseCode).toBe('OVERQUOTA');
    return false;
  }
};

const empty = async (mailbox: TestMailbox): Promise<void> => {
  const client = await openImap(settings(), login(mailbox));
  await client.mailboxOpen('INBOX');
  await client.messageDelete('1:*');
  await client.logout();
};

/** Copies the INBOX into a Maildir; answers the names of the files there. */
const mbsync = async (mailbox: TestMailbox): Promise<string[]> => {
  const folder = path.join(settings().dataDir, 'mbsync');
  await mkdir(folder, { recursive: true });
  const configuration = `IMAPAccount house
Host localhost
Port ${settings().ports.imaps}
User ${mailbox.address}
Pass ${mailbox.appPassword}
SSLType IMAPS
CertificateFile ${settings().tls.authorityFile}

IMAPStore far
Account house

MaildirStore near
Inbox ${folder}/INBOX

Channel all
Far :far:
Near :near:
Patterns INBOX
SyncState *
`;
  const file = path.join(folder, 'mbsyncrc');
  await writeFile(file, configuration);
  await run('mbsync', ['--config', file, '--all']);
  return readdir(path.join(folder, 'INBOX', 'new')).then(async (fresh) => [
    ...fresh,
    ...(await readdir(path.join(folder, 'INBOX', 'cur'))),
  ]);
};
