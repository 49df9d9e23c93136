import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const SILENCE_MS = 30_000;

/** A conversation in lines over a raw socket: nothing between the server's words and the ledger. */
export class Dialogue {
  private heard = '';
  private fault: Error | null = null;
  private wake: () => void = () => undefined;

  private constructor(private socket: Socket) {
    this.attach(socket);
  }

  static open(port: number): Dialogue {
    return new Dialogue(connect(port, '127.0.0.1'));
  }

  static openTls(port: number): Dialogue {
    return new Dialogue(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }));
  }

  /** From the next word on, as STARTTLS wants it. */
  encrypt(): void {
    this.socket.removeAllListeners().on('error', () => undefined);
    this.socket = connectTls({ socket: this.socket, rejectUnauthorized: false });
    this.attach(this.socket);
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** What came until `ends` fits. Rejects when the other side hangs up or is silent for half a minute. */
  async hear(ends: RegExp): Promise<string> {
    for (;;) {
      const found = ends.exec(this.heard);
      if (found !== null) {
        const said = this.heard.slice(0, found.index + found[0].length);
        this.heard = this.heard.slice(said.length);
        return said;
      }
      if (this.fault !== null) throw this.fault;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async ask(text: string, ends: RegExp): Promise<string> {
    this.say(text);
    return this.hear(ends);
  }

  close(): void {
    this.socket.destroy();
  }

  private attach(socket: Socket): void {
    const end = (fault: Error): void => {
      this.fault ??= fault;
      this.wake();
    };
    socket.setEncoding('latin1');
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('The other side is silent.')));
    socket.on('data', (chunk: string) => {
      this.heard += chunk;
      this.wake();
    });
    socket.on('error', end);
    socket.on('close', () => end(new Error('The other side hung up.')));
  }
}
