import type { ImapFlow } from 'imapflow';
import type { SunkMessage } from '../../src/stack/internet/sink-mail.js';
import type { StackSettings } from '../../src/stack/settings.js';
import { openImap } from '../house/mail.js';
import type { Copy, Findings } from './ledger.js';
import { DIGEST_HEADER, digestOf } from './letter.js';
import type { Login } from './load.js';

/** What lies in the mailboxes, every folder of each, read over IMAP; and what left for the Internet. */
export const readFindings = async (
  settings: StackSettings,
  logins: readonly Login[],
  sunk: readonly SunkMessage[],
): Promise<Findings> => {
  const sources = sunk.flatMap(({ recipients, content }) =>
    recipients.map((mailbox) => ({ mailbox, text: content })),
  );
  for (const login of logins) {
    for (const text of await readMailbox(settings, login)) sources.push({ mailbox: login.name, text });
  }
  return {
    copies: sources.flatMap(({ mailbox, text }) => readCopy(mailbox, text) ?? []),
    returned: sources.flatMap(({ text }) => readReturned(text)),
  };
};

const readMailbox = async (settings: StackSettings, login: Login): Promise<string[]> => {
  const client = await openImap(settings, login);
  try {
    const texts: string[] = [];
    for (const folder of await client.list()) texts.push(...(await readFolder(client, folder.path)));
    return texts;
  } finally {
    await client.logout();
  }
};

const readFolder = async (client: ImapFlow, folder: string): Promise<string[]> => {
  const opened = await client.mailboxOpen(folder, { readOnly: true });
  if (opened.exists === 0) return [];
  const texts: string[] = [];
  for await (const { source } of client.fetch('1:*', { source: true })) {
    if (source === undefined) throw new Error(`A message of ${folder} has no text.`);
    texts.push(source.toString('latin1'));
  }
  if (texts.length !== opened.exists) throw new Error(`${folder} did not give all its messages.`);
  return texts;
};

/** Null for mail that no sender of ours wrote. */
const readCopy = (mailbox: string, text: string): Copy | null => {
  const header = text.slice(0, text.indexOf('\r\n\r\n') + 2);
  const messageId = /^message-id:\s*(<[^>]+@ledger\.example>)/im.exec(header)?.[1];
  if (messageId === undefined) return null;
  const claimed = new RegExp(`^${DIGEST_HEADER}: ([0-9a-f]{64})\r$`, 'im').exec(header)?.[1] ?? null;
  return { mailbox, messageId, claimedSha256: claimed, sha256: digestOf(text.slice(header.length + 2)) };
};

/** Our letters that a bounce tells of. */
const readReturned = (text: string): string[] => {
  if (!/^content-type:\s*multipart\/report/im.test(text) || !/^action: failed/im.test(text)) return [];
  return text.match(/<[0-9a-f]{24}@ledger\.example>/g) ?? [];
};
