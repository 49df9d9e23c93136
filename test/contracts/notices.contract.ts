import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Letter, NoticesSender } from '../../src/notices/notices.sender.js';

/** A sender, and what has arrived behind it. */
export interface NoticesGround {
  readonly sender: NoticesSender;
  arrived(): readonly Letter[];
  /** From now on mail for this address is not taken. */
  refuse(address: string): void;
  stop(): Promise<void>;
}

export const LETTER: Letter = {
  messageId: '0192.owner@hello.fjordnet.example',
  from: { name: 'Fjord Mail', address: 'support@hello.fjordnet.example' },
  replyTo: { name: 'Fjord Mail', address: 'help@fjordnet.example' },
  to: { name: 'Ana Öberg, "Bakery"', address: 'ana@lindqvist.example' },
  subject: 'Your mailbox ana@lindqvist.example is 90 % full – make room in good time, Öberg',
  text: `Hello Ana Öberg,\n\n.a dot first, and a line that is ${'very '.repeat(30)}long\n\nFjord Mail\n`,
  html: '<!doctype html>\n<p>Hello Ana Öberg, 5 &lt; 6</p>\n',
};

/** What every sender of notices promises, whatever stands behind it. */
export function noticesContract(name: string, make: () => Promise<NoticesGround>): void {
  describe(`${name} as a sender of notices`, () => {
    let ground: NoticesGround;

    beforeEach(async () => {
      ground = await make();
    });
    afterEach(() => ground.stop());

    it('hands in the whole letter, every character as it was written', async () => {
      await ground.sender.send(LETTER);
      expect(ground.arrived()).toEqual([LETTER]);
    });

    it('gives a letter that is sent twice the same id both times', async () => {
      await ground.sender.send(LETTER);
      await ground.sender.send(LETTER);
      expect(ground.arrived().map(({ messageId }) => messageId)).toEqual([
        LETTER.messageId,
        LETTER.messageId,
      ]);
    });

    it('throws when the recipient is refused, and goes on with the next letter', async () => {
      ground.refuse(LETTER.to.address);
      await expect(ground.sender.send(LETTER)).rejects.toThrow();
      const next = { ...LETTER, to: { name: 'Bo', address: 'bo@lindqvist.example' } };
      await ground.sender.send(next);
      expect(ground.arrived()).toEqual([next]);
    });
  });
}
