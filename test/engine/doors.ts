import { Dialogue, type Login, plainToken } from '../house/dialogue.js';
import { settingsOf, type World } from './world.js';

export const SERVICES = ['imaps', 'pop3s', 'submission', 'submissions', 'sieve'] as const;
export type Service = (typeof SERVICES)[number];

/** The scope of an app password that opens each service. */
export const SCOPE_OF = {
  imaps: 'imap',
  pop3s: 'pop3',
  submission: 'smtp',
  submissions: 'smtp',
  sieve: 'sieve',
} as const;

export interface Attempt {
  readonly isIn: boolean;
  /** What the service said to the attempt. */
  readonly said: string;
}

const TAGGED = /^a (?:OK|NO|BAD)/;
const POP3 = /^(?:\+OK|-ERR)/;
export const SIEVE = /^(?:OK|NO|BYE)\b/;
const TOLD_IN = /^(?:a OK|\+OK|235|OK)/m;

const openPop3 = async (world: World): Promise<Dialogue> => {
  const talk = await Dialogue.open({ port: settingsOf(world).ports.pop3s, tls: true });
  await talk.read(POP3);
  return talk;
};

const openSubmission = async (world: World, tls: boolean): Promise<Dialogue> => {
  const { submission, submissions } = settingsOf(world).ports;
  const talk = await Dialogue.open({ port: tls ? submissions : submission, tls });
  await talk.read();
  await talk.ask('EHLO laptop.elsewhere.example');
  if (tls) return talk;
  await talk.ask('STARTTLS');
  await talk.startTls();
  await talk.ask('EHLO laptop.elsewhere.example');
  return talk;
};

const openSieve = async (world: World): Promise<Dialogue> => {
  const talk = await Dialogue.open({ port: settingsOf(world).ports.sieve });
  await talk.read(SIEVE);
  await talk.ask('STARTTLS', SIEVE);
  await talk.startTls();
  await talk.read(SIEVE);
  return talk;
};

const openImap = async (world: World): Promise<Dialogue> => {
  const talk = await Dialogue.open({ port: settingsOf(world).ports.imaps, tls: true });
  await talk.read(/^\* OK/);
  return talk;
};

const knockers: Readonly<Record<Service, (world: World, login: Login) => Promise<[Dialogue, string]>>> = {
  imaps: async (world, { name, password }) => {
    const talk = await openImap(world);
    return [talk, await talk.ask(`a LOGIN "${name}" "${password}"`, TAGGED)];
  },
  pop3s: async (world, { name, password }) => {
    const talk = await openPop3(world);
    await talk.ask(`USER ${name}`, POP3);
    return [talk, await talk.ask(`PASS ${password}`, POP3)];
  },
  submission: async (world, login) => {
    const talk = await openSubmission(world, false);
    return [talk, await talk.ask(`AUTH PLAIN ${plainToken(login)}`)];
  },
  submissions: async (world, login) => {
    const talk = await openSubmission(world, true);
    return [talk, await talk.ask(`AUTH PLAIN ${plainToken(login)}`)];
  },
  sieve: async (world, login) => {
    const talk = await openSieve(world);
    return [talk, await talk.ask(`AUTHENTICATE "PLAIN" "${plainToken(login)}"`, SIEVE)];
  },
};

export const knock = async (world: World, service: Service, login: Login): Promise<Attempt> => {
  const [talk, said] = await knockers[service](world, login);
  talk.close();
  return { isIn: TOLD_IN.test(said), said };
};

/** Which services let this login in, all asked at once. */
export const openServices = async (world: World, login: Login): Promise<Service[]> => {
  const attempts = await Promise.all(SERVICES.map((service) => knock(world, service, login)));
  return SERVICES.filter((_, index) => attempts[index]?.isIn);
};

/** A session that goes on; throws when it is refused. */
export const enter = async (world: World, service: Service, login: Login): Promise<Dialogue> => {
  const [talk, said] = await knockers[service](world, login);
  if (!TOLD_IN.test(said)) throw new Error(`${service} refused ${login.name}: ${said}`);
  return talk;
};

let tag = 0;

/** One IMAP command in a signed-in session; answers all lines up to its own. */
export const imap = (talk: Dialogue, command: string): Promise<string> => {
  tag += 1;
  return talk.ask(`t${tag} ${command}`, new RegExp(`^t${tag} (?:OK|NO|BAD)`));
};

/** Adds a message to a folder by IMAP, which no limit on a message's way in can slow. Answers what was said. */
export const append = async (talk: Dialogue, folder: string, content: string): Promise<string> => {
  const octets = content.replaceAll(/\r?\n/g, '\r\n');
  tag += 1;
  const said = await talk.ask(
    `t${tag} APPEND ${folder} {${octets.length}}`,
    new RegExp(`^(?:\\+|t${tag} NO)`),
  );
  if (!said.startsWith('+')) return said;
  return talk.ask(octets, new RegExp(`^t${tag} (?:OK|NO|BAD)`));
};
