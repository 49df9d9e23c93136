import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import type { StackSettings } from '../settings.js';
import type { DemoMailbox } from './demo-world.js';

const run = promisify(execFile);

const TRIES = 60;

/** A message from the outside, through the front door into a mailbox, read back by curl over IMAP. */
export const sendAndRead = async (settings: StackSettings, mailbox: DemoMailbox): Promise<void> => {
  const mark = randomUUID();
  const transport = createTransport({
    host: '127.0.0.1',
    port: settings.ports.mx,
    name: 'mx.sandbox.example',
    ignoreTLS: true,
  });
  await transport.sendMail({
    from: 'A friend <friend@elsewhere.example>',
    to: mailbox.address,
    messageId: `<${mark}@elsewhere.example>`,
    subject: 'Welcome to your new mailbox',
    text: 'This message came in from outside. Answer it, and the answer leaves for the sandbox Internet.',
  });
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (await isThere(settings, mailbox, mark)) return;
    await pause(250);
  }
  throw new Error(
    `The first message to ${mailbox.address} did not arrive. See ${settings.dataDir}/log/mail.log.`,
  );
};

const isThere = async (settings: StackSettings, mailbox: DemoMailbox, mark: string): Promise<boolean> => {
  const { stdout } = await run('curl', [
    '--silent',
    '--show-error',
    '--cacert',
    settings.tls.authorityFile,
    '--connect-to',
    `mail.fjordnet.localhost:${settings.ports.imaps}:127.0.0.1:${settings.ports.imaps}`,
    '--user',
    `${mailbox.address}:${mailbox.password}`,
    '--request',
    `SEARCH HEADER Message-ID ${mark}`,
    `imaps://mail.fjordnet.localhost:${settings.ports.imaps}/INBOX`,
  ]);
  return /SEARCH \d/.test(stdout);
};
