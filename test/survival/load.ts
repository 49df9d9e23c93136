import { setTimeout as pause } from 'node:timers/promises';
import type { Book } from './book.js';
import { Dialogue } from './dialogue.js';
import type { Attempt, Outcome } from './ledger.js';
import { pick, type Random, type SealedLetter, writeLetter } from './letter.js';

export interface Login {
  readonly name: string;
  readonly password: string;
}

export interface Recipient {
  readonly address: string;
  readonly exists: boolean;
}

export interface MailLoadPlan {
  readonly book: Book<Attempt>;
  readonly random: Random;
  readonly port: number;
  /** With it the mail is submitted, over STARTTLS. */
  readonly login?: Login;
  readonly from: string;
  readonly recipients: readonly Recipient[];
  readonly senders: number;
  /** Of all senders together. */
  readonly perSecond: number;
  /** The load ends by itself after so many messages. */
  readonly atMost: number;
}

const REPLY = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/;
const PER_CONNECTION = 8;

/** Several senders that keep a ledger. A refusal is written down and not repeated: the next letter is a new one. */
export class MailLoad {
  /** Moments at which nobody answered the door, or hung up before a letter was begun. */
  readonly unreachableAtMs: number[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  private sent = 0;

  constructor(private readonly plan: MailLoadPlan) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: this.plan.senders }, () => this.send()));
  }

  /** Resolves once the last letter's outcome is written down. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isOver(): boolean {
    return this.stopping.signal.aborted || this.sent >= this.plan.atMost;
  }

  private async send(): Promise<void> {
    while (!this.isOver) {
      const dialogue = Dialogue.open(this.plan.port);
      try {
        await this.greet(dialogue);
        for (let count = 0; count < PER_CONNECTION && !this.isOver; count += 1) {
          if (!(await this.sendOne(dialogue))) break;
        }
      } catch {
        this.unreachableAtMs.push(Date.now());
        await pause(200);
      } finally {
        dialogue.close();
      }
    }
  }

  private async greet(dialogue: Dialogue): Promise<void> {
    const { login } = this.plan;
    expectReply(await dialogue.hear(REPLY), '220');
    expectReply(await dialogue.ask('EHLO mx.sandbox.example\r\n', REPLY), '250');
    if (login === undefined) return;
    expectReply(await dialogue.ask('STARTTLS\r\n', REPLY), '220');
    dialogue.encrypt();
    expectReply(await dialogue.ask('EHLO mx.sandbox.example\r\n', REPLY), '250');
    expectReply(await dialogue.ask(`AUTH PLAIN ${plain(login)}\r\n`, REPLY), '235');
  }

  /** False once the connection is of no more use. */
  private async sendOne(dialogue: Dialogue): Promise<boolean> {
    const startedAt = Date.now();
    const { random, recipients, from, senders, perSecond } = this.plan;
    this.sent += 1;
    const recipient = pick(random, recipients);
    const letter = writeLetter(random, from, recipient.address);
    this.record(letter, recipient, 'tried', '');
    const isOpen = await this.converse(dialogue, letter, recipient);
    const restMs = (1000 * senders) / perSecond - (Date.now() - startedAt);
    if (restMs > 0) await pause(restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    return isOpen;
  }

  private async converse(dialogue: Dialogue, letter: SealedLetter, recipient: Recipient): Promise<boolean> {
    let dotSent = false;
    try {
      for (const [line, good] of [
        [`MAIL FROM:<${this.plan.from}>`, '250'],
        [`RCPT TO:<${recipient.address}>`, '250'],
        ['DATA', '354'],
      ] as const) {
        const said = await dialogue.ask(`${line}\r\n`, REPLY);
        if (said.startsWith(good)) continue;
        this.record(letter, recipient, refusalOf(said), said);
        await dialogue.ask('RSET\r\n', REPLY);
        return true;
      }
      dotSent = true;
      const said = await dialogue.ask(`${letter.text}.\r\n`, REPLY);
      this.record(letter, recipient, said.startsWith('250') ? 'accepted' : refusalOf(said), said);
      return true;
    } catch (fault) {
      this.record(letter, recipient, dotSent ? 'unknown' : 'rejected-temp', String(fault));
      return false;
    }
  }

  private record(letter: SealedLetter, recipient: Recipient, outcome: Outcome, said: string): void {
    const { messageId, sha256 } = letter;
    const { address, exists } = recipient;
    this.plan.book.write({
      messageId,
      recipient: address,
      exists,
      sha256,
      outcome,
      atMs: Date.now(),
      said: said.trim(),
    });
  }
}

export const plain = ({ name, password }: Login): string =>
  Buffer.from(`\0${name}\0${password}`).toString('base64');

const refusalOf = (said: string): Outcome => (said.startsWith('5') ? 'rejected-perm' : 'rejected-temp');

const expectReply = (said: string, wanted: string): void => {
  if (!said.startsWith(wanted)) throw new Error(`Not the answer to go on with: ${said}`);
};
