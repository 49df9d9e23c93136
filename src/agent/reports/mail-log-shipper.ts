import type { ClientBase } from 'pg';
import { v5 as nameBasedId } from 'uuid';
import { parseLine, resolveStamp } from '#libs/mail-log';
import { readLogLines, shippedEvents } from '../metrics.js';
import { readPositionFile, writePositionFile } from './log-position.js';
import { LogTail, type TailedLine, type TailedLines } from './log-tail.js';
import { describeEvent, type MailEvent } from './mail-event.js';
import { MessageTrails } from './message-trail.js';

export interface ShipperWishes {
  readonly node: string;
  readonly logFile: string;
  readonly positionFile: string;
  readonly now: () => Date;
}

/** Namespace of the ids made from node, file, position and line (RFC 9562 §5.5). */
const MAIL_LOG = '5f0c4f0e-2b36-4c57-9d0c-7a1f6b1c5a10';
const TRAILS = 50_000;
/** Read again at a start, so that messages on their way then keep their sender. */
const WARM_UP_BYTES = 1024 * 1024;

/**
 * Sends the events of the mail log to Postgres, at least once each: the position is stored after Postgres took a
 * batch, and a batch sent twice has the ids of the first.
 */
export class MailLogShipper {
  private readonly trails = new MessageTrails(TRAILS);
  private readonly tail: LogTail;
  private waiting: { readonly events: readonly MailEvent[]; readonly batch: TailedLines } | null = null;
  private warm = false;

  constructor(private readonly wishes: ShipperWishes) {
    this.tail = new LogTail(wishes.logFile, readPositionFile(wishes.positionFile));
  }

  /** One batch. Answers whether there may be more. A batch that was not taken is offered again, unchanged. */
  async ship(client: ClientBase): Promise<boolean> {
    if (!this.warm) await this.warmUp();
    this.waiting ??= await this.readBatch();
    if (this.waiting === null) return false;
    const { events, batch } = this.waiting;
    if (events.length > 0) {
      await client.query('select directory.report_mail_events($1)', [JSON.stringify(events)]);
      await client.query('select directory.report_sign_ins($1)', [JSON.stringify(signInsOf(events))]);
    }
    writePositionFile(this.wishes.positionFile, batch.next);
    this.tail.advance(batch.next);
    this.waiting = null;
    for (const { kind } of events) shippedEvents.inc({ kind });
    return true;
  }

  async close(): Promise<void> {
    await this.tail.close();
  }

  private async readBatch(): Promise<{ events: MailEvent[]; batch: TailedLines } | null> {
    const batch = await this.tail.read();
    if (batch === null) return null;
    return { events: batch.lines.flatMap((line) => this.readLine(line) ?? []), batch };
  }

  private readLine({ text, inode, offset }: TailedLine): MailEvent | null {
    const parsed = parseLine(readText(text));
    readLogLines.inc({ outcome: parsed === null ? 'other' : 'read' });
    if (parsed === null) return null;
    const facts = describeEvent(parsed, this.trails.follow(parsed));
    if (facts === null) return null;
    const { node, now } = this.wishes;
    return {
      // The text as well: a file cut in place, or an inode given out again, has the same places once more.
      id: nameBasedId(`${node}/${inode}/${offset}/${text}`, MAIL_LOG),
      at: resolveStamp(parsed.stamp, now(), 'local').toISOString(),
      node,
      ...facts,
      // Lines of one second are told apart by where they stand.
      detail: { ...facts.detail, offset },
    };
  }

  private async warmUp(): Promise<void> {
    this.warm = true;
    const stored = readPositionFile(this.wishes.positionFile);
    if (stored === null) return;
    const from = Math.max(0, stored.offset - WARM_UP_BYTES);
    const past = new LogTail(this.wishes.logFile, { ...stored, offset: from });
    for (let batch = await past.read(); batch !== null; batch = await past.read()) {
      const before = batch.lines.filter(
        ({ inode, offset }) => inode === stored.inode && offset < stored.offset,
      );
      for (const { text } of before) {
        const parsed = parseLine(readText(text));
        if (parsed !== null) this.trails.follow(parsed);
      }
      if (before.length < batch.lines.length || batch.next.inode !== stored.inode) break;
      past.advance(batch.next);
    }
    await past.close();
  }
}

/** The store counts sign-ins to read mail; those to send it show in the log only. One per address, the latest. */
const signInsOf = (events: readonly MailEvent[]): { address: string; service: 'smtp'; at: number }[] => {
  const latest = new Map<string, number>();
  for (const { kind, mailbox, at } of events)
    if (kind === 'received' && mailbox !== null)
      latest.set(mailbox, Math.max(latest.get(mailbox) ?? 0, Math.floor(Date.parse(at) / 1_000)));
  return [...latest].map(([address, at]) => ({ address, service: 'smtp', at }));
};

/** Addresses may be UTF-8 (RFC 6531); what is not is read as far as it goes. */
const readText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
