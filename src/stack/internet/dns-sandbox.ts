import type { Server } from 'node:http';
import type { Packet } from 'dns2';
import { closeControl, listenControl } from './control-server.js';
import { dnsControlRoutes } from './dns-control.js';
import { DnsListener } from './dns-listener.js';
import { readQuestion, renderAnswer, renderRefusal } from './dns-packet.js';
import { ZoneBook, type DnsFault, type RecordType } from './zone-book.js';
import { ZoneFolder } from './zone-folder.js';

export interface DnsSandboxWishes {
  /** A loopback address of this stack's own; port 53 is answered there. */
  readonly address: string;
  /** Answered on 127.0.0.1 too. */
  readonly extraPort: number;
  readonly controlPort: number;
  /** Its `*.zone` files are followed as they change. */
  readonly zoneFolder: string;
  /** Told about a zone file that cannot be read; the last good content stays. */
  readonly report: (line: string) => void;
}

const DNS_PORT = 53;

/**
 * The DNS of the sandbox Internet: authoritative for everything, so that a name either is in it or does not exist.
 * Nothing is ever asked of the real Internet.
 */
export class DnsSandbox {
  readonly book: ZoneBook;
  private listeners: DnsListener[] = [];
  private control: Server | null = null;
  private readonly folder: ZoneFolder;

  constructor(private readonly wishes: DnsSandboxWishes) {
    this.book = new ZoneBook(wishes.address);
    this.folder = new ZoneFolder(
      wishes.zoneFolder,
      (records) => this.book.replaceFiles(records),
      wishes.report,
    );
  }

  async start(): Promise<void> {
    const { address, extraPort, controlPort } = this.wishes;
    try {
      await this.folder.follow();
      this.listeners.push(await DnsListener.open(address, DNS_PORT, (request) => this.respond(request)));
      this.listeners.push(await DnsListener.open('127.0.0.1', extraPort, (request) => this.respond(request)));
      this.control = await listenControl(controlPort, dnsControlRoutes(this.book));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.folder.leave();
    await Promise.all(this.listeners.map((listener) => listener.close()));
    this.listeners = [];
    if (this.control !== null) await closeControl(this.control);
    this.control = null;
  }

  /** Replaces the records of one name and type; an empty list hides those of the zone files. */
  set(name: string, type: RecordType, values: readonly string[]): void {
    this.book.set(name, type, values);
  }

  unset(name: string, type?: RecordType): void {
    this.book.unset(name, type);
  }

  /** The name and all below it answer SERVFAIL, or not at all, until healed. */
  fail(name: string, fault: DnsFault): void {
    this.book.fail(name, fault);
  }

  heal(name: string): void {
    this.book.heal(name);
  }

  private respond(request: Packet): Packet | null {
    const question = readQuestion(request);
    if (typeof question === 'number') return renderRefusal(request, question);
    const answer = this.book.answer(question.name, question.type);
    return answer === 'silence' ? null : renderAnswer(request, answer);
  }
}
