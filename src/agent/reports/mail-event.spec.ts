import { describe, expect, it } from 'vitest';
import { parseLine } from '#libs/mail-log';
import { describeEvent } from './mail-event.js';
import { MessageTrails } from './message-trail.js';

const read = (trails: MessageTrails, program: string, text: string) => {
  const event = parseLine(`Nov 23 16:05:09 mx postfix/${program}[7]: ${text}`)!;
  return describeEvent(event, trails.follow(event));
};
const attempt = (to: string): string =>
  `AAAAAAAAAA: to=<${to}>, relay=h[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)`;

describe('describeEvent', () => {
  it('counts outgoing mail to who signed in, with sender and message id', () => {
    const trails = new MessageTrails(10);
    read(
      trails,
      'submission/smtpd',
      'AAAAAAAAAA: client=h[192.0.2.1], sasl_method=PLAIN, sasl_username=a@x.example',
    );
    read(trails, 'cleanup', 'AAAAAAAAAA: message-id=<1@x.example>');
    read(trails, 'qmgr', 'AAAAAAAAAA: from=<alias@x.example>, size=1, nrcpt=1 (queue active)');
    expect(read(trails, 'smtp', attempt('s@far.example'))).toMatchObject({
      mailbox: 'a@x.example',
      sender: 'alias@x.example',
      message_id: '<1@x.example>',
      recipient: 's@far.example',
    });
  });

  it('counts incoming mail to its recipient, without tag and without the suffix of system mail', () => {
    const trails = new MessageTrails(10);
    expect(read(trails, 'lmtp', attempt('Anna+shop@x.example'))?.mailbox).toBe('anna@x.example');
    expect(read(trails, 'notices/lmtp', attempt('anna@x.example.notices.internal'))).toMatchObject({
      mailbox: 'anna@x.example',
      recipient: 'anna@x.example',
    });
  });

  it('does not count mail to an address that somebody merely claimed to be', () => {
    const trails = new MessageTrails(10);
    read(trails, 'mx/smtpd', 'AAAAAAAAAA: client=h[192.0.2.1]');
    expect(
      read(trails, 'qmgr', 'AAAAAAAAAA: from=<anna@x.example>, size=1, nrcpt=1 (queue active)')?.mailbox,
    ).toBe(null);
  });

  it('starts afresh when a queue id comes round again', () => {
    const trails = new MessageTrails(10);
    read(
      trails,
      'submission/smtpd',
      'AAAAAAAAAA: client=h[192.0.2.1], sasl_method=PLAIN, sasl_username=a@x.example',
    );
    read(trails, 'mx/smtpd', 'AAAAAAAAAA: client=h[192.0.2.1]');
    expect(read(trails, 'smtp', attempt('s@far.example'))?.mailbox).toBeNull();
  });
});

describe('MessageTrails', () => {
  it('forgets the least recently used when there are too many, and what left the queue', () => {
    const trails = new MessageTrails(2);
    for (const id of ['AAAAAAAAAA', 'BBBBBBBBBB', 'CCCCCCCCCC']) {
      read(trails, 'qmgr', `${id}: from=<${id}@x.example>, size=1, nrcpt=1 (queue active)`);
    }
    expect(read(trails, 'lmtp', attempt('u@x.example'))?.sender).toBeNull();
    read(trails, 'qmgr', 'CCCCCCCCCC: removed');
    expect(
      read(trails, 'lmtp', attempt('u@x.example').replace('AAAAAAAAAA', 'CCCCCCCCCC'))?.sender,
    ).toBeNull();
  });
});
