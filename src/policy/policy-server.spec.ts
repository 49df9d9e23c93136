import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SenderPolicy } from './policy-answer.js';
import { PolicyServer, type Answer } from './policy-server.js';

let server: PolicyServer;
let client: Socket;

const serve = async (answer: Answer): Promise<void> => {
  server = new PolicyServer(answer, () => undefined);
  await server.listen('127.0.0.1', 0);
  const { port } = (server as unknown as { server: { address(): AddressInfo } }).server.address();
  client = connect(port, '127.0.0.1');
  client.setEncoding('utf8');
};

const ask = (text: string, answers: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    let heard = '';
    client.on('data', (chunk: string) => {
      heard += chunk;
      const whole = heard.split('\n\n').slice(0, -1);
      if (whole.length >= answers) resolve(whole);
    });
    client.on('close', () => reject(new Error('closed')));
    client.write(text);
  });

const request = (login: string, instance: string): string =>
  `request=smtpd_access_policy\nprotocol_state=RCPT\ninstance=${instance}\nsasl_username=${login}\n\n`;

afterEach(async () => {
  client.removeAllListeners('close');
  client.destroy();
  await server.close();
});

const policy = (limit: number, counted: string[] = []): Answer => {
  const rules = new SenderPolicy({
    findLimit: (login) => (login === 'stranger' ? null : { mailboxId: login, hourlyMessages: limit }),
    count: (mailboxId) => {
      counted.push(mailboxId);
      return Promise.resolve(
        counted.length > limit ? { kind: 'refused', retryAfterSeconds: 700 } : { kind: 'allowed' },
      );
    },
    now: () => 0,
  });
  return (asked) => rules.answer(asked);
};

describe('PolicyServer', () => {
  it('answers requests sent in one go, in their order, and names limit and time', async () => {
    await serve(policy(2));
    const text = ['i1', 'i2', 'i3'].map((instance) => request('Anna@x.example', instance)).join('');
    expect(await ask(text, 3)).toEqual([
      'action=DUNNO',
      'action=DUNNO',
      'action=450 4.7.1 This mailbox may send 2 messages an hour and has reached that. Please try again in 12 minutes.',
    ]);
  });

  it('counts a message with many recipients once', async () => {
    const counted: string[] = [];
    await serve(policy(5, counted));
    await ask(request('anna@x.example', 'same').repeat(50), 50);
    expect(counted).toEqual(['anna@x.example']);
  });

  it('has no opinion on mail nobody signed in for, nor on unknown logins', async () => {
    const counted: string[] = [];
    await serve(policy(1, counted));
    await ask(request('', 'a') + request('stranger', 'b'), 2);
    expect(counted).toEqual([]);
  });

  it('has no opinion when the answer fails', async () => {
    await serve(() => Promise.reject(new Error('no file')));
    expect(await ask(request('a', 'i'), 1)).toEqual(['action=DUNNO']);
  });

  it('has no opinion when the answer takes too long', async () => {
    await serve(() => new Promise(() => undefined));
    const startedAt = Date.now();
    expect(await ask(request('a', 'i'), 1)).toEqual(['action=DUNNO']);
    expect(Date.now() - startedAt).toBeLessThan(1_900);
  });

  it('hangs up on what is not the protocol', async () => {
    await serve(policy(1));
    await expect(ask('GET / HTTP/1.1\n\n', 1)).rejects.toThrow('closed');
  });
});
