import { type Letter, NoticesSender } from '../../src/notices/notices.sender.js';

/** Keeps letters instead of sending them, and refuses on request. */
export class FakeNotices extends NoticesSender {
  readonly sent: Letter[] = [];
  private readonly refused = new Set<string>();

  refuse(address: string): void {
    this.refused.add(address);
  }

  accept(): void {
    this.refused.clear();
  }

  send(letter: Letter): Promise<void> {
    if (this.refused.has(letter.to.address))
      return Promise.reject(new Error(`The mail system does not take mail for ${letter.to.address}.`));
    this.sent.push(letter);
    return Promise.resolve();
  }
}
