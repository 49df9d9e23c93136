import type { Server } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { closeControl, listenControl } from './control-server.js';
import { sinkControlRoutes } from './sink-control.js';
import { judgeDelivery, type SinkRefusal, type SinkStage, type SunkMessage } from './sink-mail.js';

export interface SinkWishes {
  readonly address: string;
  readonly port: number;
  readonly controlPort: number;
  /** Each message is kept as `<id>.eml` with its envelope in `<id>.json`. */
  readonly folder: string;
}

/** PEM texts for STARTTLS. */
export interface SinkTls {
  readonly key: string;
  readonly certificate: string;
}

const LARGEST_MESSAGE_BYTES = 64 * 1024 * 1024;
const KEPT_IN_MEMORY = 2_000;

/** "The Internet": takes mail for every domain, keeps it, and refuses on request. */
export class MailSink {
  private kept: SunkMessage[] = [];
  private refusals: SinkRefusal[] = [];
  private server: SMTPServer | null = null;
  private control: Server | null = null;
  private count = 0;

  constructor(private readonly wishes: SinkWishes) {}

  /** Newest last; the oldest fall out after 2,000, their files stay. */
  get messages(): readonly SunkMessage[] {
    return this.kept;
  }

  async start(tls: SinkTls): Promise<void> {
    await mkdir(this.wishes.folder, { recursive: true, mode: 0o700 });
    const server = this.makeServer(tls);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.wishes.port, this.wishes.address, resolve);
    });
    // Errors of single conversations from here on: a client that hangs up must not end the stack.
    server.removeAllListeners('error').on('error', () => undefined);
    this.server = server;
    this.control = await listenControl(this.wishes.controlPort, sinkControlRoutes(this));
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server !== null) await new Promise<void>((resolve) => server.close(resolve));
    if (this.control !== null) await closeControl(this.control);
    this.server = null;
    this.control = null;
  }

  /** From now on matching mail is refused; the newest matching refusal counts. */
  refuse(refusal: SinkRefusal): void {
    this.refusals.push(refusal);
  }

  /** Takes everything again. */
  accept(): void {
    this.refusals = [];
  }

  /** Forgets the messages in memory; their files stay. */
  clear(): void {
    this.kept = [];
  }

  private makeServer(tls: SinkTls): SMTPServer {
    return new SMTPServer({
      name: 'mx.sandbox.example',
      banner: 'sandbox',
      key: tls.key,
      cert: tls.certificate,
      authOptional: true,
      disabledCommands: ['AUTH'],
      disableReverseLookup: true,
      size: LARGEST_MESSAGE_BYTES,
      closeTimeout: 1_000,
      onRcptTo: (recipient, _session, done) => done(this.refusalFor('recipient', [recipient.address])),
      onData: (stream, session, reply) => {
        void this.take(stream, session)
          .catch((error: unknown) => refusalError(451, `4.3.0 Not stored: ${String(error)}`))
          .then((refusal) => reply(refusal));
      },
    });
  }

  /** The file is written before the message is taken: a ledger must not forget what was answered with 250. */
  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const content = await buffer(stream);
    const recipients = session.envelope.rcptTo.map((each) => each.address);
    if (stream.sizeExceeded) return refusalError(552, '5.3.4 The message is too large.');
    const refusal = this.refusalFor('content', recipients);
    if (refusal !== null) return refusal;
    const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
    const message = this.describe(sender, recipients, session, content);
    await this.write(message, content);
    this.kept = [...this.kept, message].slice(-KEPT_IN_MEMORY);
    return null;
  }

  private describe(
    sender: string,
    recipients: readonly string[],
    session: SMTPServerSession,
    content: Buffer,
  ): SunkMessage {
    this.count += 1;
    return {
      id: `${Date.now()}-${String(this.count).padStart(6, '0')}`,
      receivedAt: new Date().toISOString(),
      sender,
      recipients,
      clientAddress: session.remoteAddress,
      greetedAs: session.hostNameAppearsAs,
      overTls: session.secure,
      content: content.toString('latin1'),
    };
  }

  private async write(message: SunkMessage, raw: Buffer): Promise<void> {
    const stem = path.join(this.wishes.folder, message.id);
    await writeFile(`${stem}.eml`, raw);
    await writeFile(`${stem}.json`, `${JSON.stringify({ ...message, content: undefined }, null, 2)}\n`);
  }

  private refusalFor(stage: SinkStage, recipients: readonly string[]): Error | null {
    const refusal = judgeDelivery(this.refusals, stage, recipients);
    return refusal === null ? null : refusalError(refusal.code, refusal.sentence);
  }
}

const refusalError = (responseCode: number, sentence: string): Error =>
  Object.assign(new Error(sentence), { responseCode });
