import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { StackSettings } from '../../src/stack/settings.js';

/** The last line of an SMTP reply (RFC 5321 §4.2.1). */
export const REPLY = /^\d{3}(?: |$)/;

interface Door {
  readonly port: number;
  readonly tls?: boolean;
  /** Address to come from: Dovecot trusts clients whose address is its own. */
  readonly from?: string;
}

const PATIENCE_MS = 20_000;

/** A conversation by lines, for what no mail program would say. */
export class Dialogue {
  private text = '';
  private ended = false;
  private wake: (() => void) | null = null;

  private constructor(private socket: Socket | TLSSocket) {
    this.listen(socket);
  }

  static async open(door: Door): Promise<Dialogue> {
    const place = { host: '127.0.0.1', port: door.port, localAddress: door.from ?? '127.0.0.1' };
    const socket = door.tls
      ? connectTls({ ...place, rejectUnauthorized: false, servername: 'mail.fjordnet.localhost' })
      : connect(place);
    await new Promise((resolve, reject) => {
      socket.once(door.tls ? 'secureConnect' : 'connect', resolve).once('error', reject);
    });
    return new Dialogue(socket);
  }

  /** All lines up to the first that matches, or what there was when the other side hung up. */
  async read(end = REPLY): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const taken = this.take(end);
      if (taken !== null) return taken;
      if (this.ended) return this.takeAll();
      if (Date.now() > deadline) throw new Error(`No line like ${end} after: ${this.text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  ask(line: string, end = REPLY): Promise<string> {
    this.send(`${line}\r\n`);
    return this.read(end);
  }

  /** Whether the other side has hung up. */
  get isOver(): boolean {
    return this.ended;
  }

  async startTls(): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners();
    const secure = connectTls({
      socket: plain,
      rejectUnauthorized: false,
      servername: 'mail.fjordnet.localhost',
    });
    await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    this.socket = secure;
    this.text = '';
    this.listen(secure);
  }

  close(): void {
    this.socket.destroy();
  }

  private listen(socket: Socket): void {
    socket.on('data', (part: Buffer) => {
      this.text += part.toString('latin1');
      this.wake?.();
    });
    const end = (): void => {
      this.ended = true;
      this.wake?.();
    };
    socket.on('close', end).on('end', end).on('error', end);
  }

  private take(end: RegExp): string | null {
    let at = 0;
    for (let next = this.text.indexOf('\n', at); next >= 0; next = this.text.indexOf('\n', at)) {
      const line = this.text.slice(at, next).replace(/\r$/, '');
      at = next + 1;
      if (!end.test(line)) continue;
      const taken = this.text.slice(0, at);
      this.text = this.text.slice(at);
      return taken;
    }
    return null;
  }

  private takeAll(): string {
    const taken = this.text;
    this.text = '';
    return taken;
  }
}

export interface Login {
  readonly name: string;
  readonly password: string;
}

export const plainToken = ({ name, password }: Login): string =>
  Buffer.from(`\0${name}\0${password}`).toString('base64');

/** A greeted SMTP conversation; with a login it is encrypted and signed in. */
export const openSmtp = async (
  settings: StackSettings,
  wish: { readonly login?: Login; readonly xclient?: string } = {},
): Promise<Dialogue> => {
  const talk = await Dialogue.open({ port: wish.login ? settings.ports.submission : settings.ports.mx });
  await talk.read();
  await talk.ask('EHLO mx.sandbox.example');
  if (wish.xclient !== undefined) {
    const reply = await talk.ask(`XCLIENT ${wish.xclient}`);
    if (!reply.startsWith('220')) throw new Error(`XCLIENT: ${reply}`);
    await talk.ask('EHLO mx.sandbox.example');
  }
  if (wish.login) {
    await talk.ask('STARTTLS');
    await talk.startTls();
    await talk.ask('EHLO mx.sandbox.example');
    const reply = await talk.ask(`AUTH PLAIN ${plainToken(wish.login)}`);
    if (!reply.startsWith('235')) throw new Error(`AUTH: ${reply}`);
  }
  return talk;
};

export interface Mail {
  readonly from: string;
  readonly to: string | readonly string[];
  /** Header lines and body; lines end in \n and are sent with \r\n. */
  readonly content: string;
  readonly login?: Login;
  readonly xclient?: string;
}

export interface Delivery {
  /** The reply to the message, or the refusal that came before it. */
  readonly reply: string;
  readonly recipients: readonly string[];
}

/** Hands in one message and tells the replies. A message goes as far as one recipient was taken. */
export const handIn = async (settings: StackSettings, mail: Mail): Promise<Delivery> => {
  const talk = await openSmtp(settings, mail);
  try {
    const sender = await talk.ask(`MAIL FROM:<${mail.from}>`);
    if (!sender.startsWith('250')) return { reply: sender, recipients: [] };
    const recipients: string[] = [];
    for (const to of [mail.to].flat()) recipients.push(await talk.ask(`RCPT TO:<${to}>`));
    const refused = recipients.find((reply) => !reply.startsWith('250'));
    if (refused !== undefined && recipients.every((reply) => !reply.startsWith('250')))
      return { reply: refused, recipients };
    const ready = await talk.ask('DATA');
    if (!ready.startsWith('354')) return { reply: ready, recipients };
    const lines = mail.content.replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..');
    return { reply: await talk.ask(`${lines}\r\n.`), recipients };
  } finally {
    talk.close();
  }
};
