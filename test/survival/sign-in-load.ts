import { setTimeout as pause } from 'node:timers/promises';
import type { StackSettings } from '../../src/stack/settings.js';
import type { Book } from './book.js';
import { Dialogue } from './dialogue.js';
import { pick, type Random } from './letter.js';
import { type Login, plain } from './load.js';

export type Door = 'imap' | 'submission';

/** `unavailable`: neither in nor refused, but asked to come back, hung up on, or not answered. */
export type SignInResult = 'in' | 'refused' | 'unavailable';

export interface SignIn {
  readonly door: Door;
  readonly name: string;
  readonly wanted: 'in' | 'refused';
  readonly got: SignInResult;
  readonly atMs: number;
  readonly tookMs: number;
  readonly said: string;
}

export interface SignInLoadPlan {
  readonly book: Book<SignIn>;
  readonly random: Random;
  readonly settings: StackSettings;
  readonly logins: readonly (Login & { readonly isRight: boolean })[];
  readonly workers: number;
  readonly perSecond: number;
}

const IMAP_LINE = /^\* OK [^\r\n]*\r\n/;
const IMAP_ANSWER = /^a (?:OK|NO|BAD)[^\r\n]*\r\n/m;
const SMTP_REPLY = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/;

/** People and programs that sign in all the time, with right passwords and now and then a wrong one. */
export class SignInLoad {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly plan: SignInLoadPlan) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: this.plan.workers }, () => this.work()));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(): Promise<void> {
    const { random, logins, settings, book, workers, perSecond } = this.plan;
    while (!this.stopping.signal.aborted) {
      const login = pick(random, logins);
      const door = pick<Door>(random, ['imap', 'submission']);
      const startedAt = Date.now();
      const said = await signIn(settings, door, login).catch((fault: unknown) => String(fault));
      const tookMs = Date.now() - startedAt;
      book.write({
        door,
        name: login.name,
        wanted: login.isRight ? 'in' : 'refused',
        got: resultOf(door, said),
        atMs: startedAt,
        tookMs,
        said: said.trim(),
      });
      const restMs = Math.max(0, (1000 * workers) / perSecond - tookMs);
      await pause(restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }
}

/** The server's answer to the password. */
const signIn = async (settings: StackSettings, door: Door, login: Login): Promise<string> => {
  const dialogue =
    door === 'imap' ? Dialogue.openTls(settings.ports.imaps) : Dialogue.open(settings.ports.submission);
  try {
    if (door === 'imap') {
      await dialogue.hear(IMAP_LINE);
      return await dialogue.ask(`a LOGIN "${login.name}" "${login.password}"\r\n`, IMAP_ANSWER);
    }
    await dialogue.hear(SMTP_REPLY);
    for (const line of ['EHLO here.example', 'STARTTLS']) await dialogue.ask(`${line}\r\n`, SMTP_REPLY);
    dialogue.encrypt();
    await dialogue.ask('EHLO here.example\r\n', SMTP_REPLY);
    return await dialogue.ask(`AUTH PLAIN ${plain(login)}\r\n`, SMTP_REPLY);
  } finally {
    dialogue.close();
  }
};

const resultOf = (door: Door, said: string): SignInResult => {
  if (door === 'imap') {
    if (/^a OK/m.test(said)) return 'in';
    return /^a NO \[(?:AUTHENTICATIONFAILED|AUTHORIZATIONFAILED)\]/m.test(said) ? 'refused' : 'unavailable';
  }
  if (said.startsWith('235')) return 'in';
  return said.startsWith('535') ? 'refused' : 'unavailable';
};
