import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import type { StackSettings } from '../../src/stack/settings.js';

const run = promisify(execFile);

export const newMessageId = (): string => `<${randomUUID()}@elsewhere.example>`;

export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly body?: string;
  /** Header From, when it is not the envelope's. */
  readonly headerFrom?: string;
}

export interface SwaksResult {
  /** 0 when the message was accepted. */
  readonly code: number;
  readonly dialogue: string;
}

/** Sends with swaks and tells how the dialogue went; a refusal is an answer, not a fault. */
const swaks = async (letter: Letter, options: readonly string[]): Promise<SwaksResult> => {
  const args = [
    ['--from', letter.from, '--to', letter.to, '--helo', 'mx.sandbox.example', '--timeout', '20'],
    ['--header', `Message-Id: ${letter.messageId}`, '--h-From', letter.headerFrom ?? letter.from],
    ['--h-Subject', letter.subject ?? 'Hello', '--body', letter.body ?? 'Good morning.'],
    options,
  ].flat();
  try {
    const { stdout } = await run('swaks', args, { maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, dialogue: stdout };
  } catch (fault) {
    const { code, stdout = '', stderr = '' } = fault as { code?: number; stdout?: string; stderr?: string };
    return { code: code ?? 1, dialogue: `${stdout}${stderr}` };
  }
};

/** As another mail server would, to our front door. */
export const sendIn = (settings: StackSettings, letter: Letter): Promise<SwaksResult> =>
  swaks(letter, ['--server', `127.0.0.1:${settings.ports.mx}`]);

/** As a mail program would, with STARTTLS and a password. */
export const submit = (
  settings: StackSettings,
  login: { readonly name: string; readonly password: string },
  letter: Letter,
): Promise<SwaksResult> =>
  swaks(
    letter,
    [
      ['--server', `127.0.0.1:${settings.ports.submission}`, '--tls', '--tls-verify'],
      ['--tls-ca-path', settings.tls.authorityFile, '--tls-sni', 'mail.fjordnet.localhost'],
      ['--auth', 'PLAIN', '--auth-user', login.name, '--auth-password', login.password],
    ].flat(),
  );

export interface CurlResult {
  readonly code: number;
  readonly output: string;
}

/** curl over IMAPS or POP3S. Code 67 is a refused sign-in. */
export const curl = async (
  settings: StackSettings,
  login: { readonly name: string; readonly password: string },
  wish: { readonly scheme: 'imaps' | 'pop3s'; readonly path: string; readonly request?: string },
): Promise<CurlResult> => {
  const host = 'mail.fjordnet.localhost';
  const port = settings.ports[wish.scheme];
  const args = [
    ['--silent', '--show-error', '--max-time', '20', '--cacert', settings.tls.authorityFile],
    ['--connect-to', `${host}:${port}:127.0.0.1:${port}`, '--user', `${login.name}:${login.password}`],
    wish.request === undefined ? [] : ['--request', wish.request],
    `${wish.scheme}://${host}:${port}/${wish.path}`,
  ].flat();
  try {
    return { code: 0, output: (await run('curl', args, { maxBuffer: 64 * 1024 * 1024 })).stdout };
  } catch (fault) {
    const { code, stderr = '' } = fault as { code?: number; stderr?: string };
    return { code: code ?? 1, output: stderr };
  }
};

/** A signed-in IMAP session; the caller logs out. Rejects when the sign-in is refused. */
export const openImap = async (
  settings: StackSettings,
  login: { readonly name: string; readonly password: string },
): Promise<ImapFlow> => {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: settings.ports.imaps,
    secure: true,
    servername: 'mail.fjordnet.localhost',
    tls: { rejectUnauthorized: false },
    auth: { user: login.name, pass: login.password },
    logger: false,
  });
  await client.connect();
  return client;
};

/** Whether a mailbox's folder holds a message, asked over IMAP. */
export const holds = async (
  settings: StackSettings,
  login: { readonly name: string; readonly password: string },
  messageId: string,
  folder = 'INBOX',
): Promise<boolean> => {
  const { code, output } = await curl(settings, login, {
    scheme: 'imaps',
    path: folder,
    request: `SEARCH HEADER Message-ID ${messageId.slice(1, -1)}`,
  });
  if (code !== 0) throw new Error(output);
  return /SEARCH \d/.test(output);
};
