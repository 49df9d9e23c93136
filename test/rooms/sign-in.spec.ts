import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../../src/api-keys/api-keys.service.js';
import { HostsService } from '../../src/brands/hosts.service.js';
import { hashPassword } from '#libs/secrets';
import { PeopleService } from '../../src/people/people.service.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, type Seller } from './sellers.js';
import { startWeb, type Web } from './web.js';

const operator = { kind: 'operator' } as const;
const PASSWORD = 'a good long password';
const WRONG = 'another long password';

interface Answer {
  readonly status: number;
  readonly problem: Readonly<Record<string, unknown>>;
  readonly token: string;
}

let rooms: Rooms;
let web: Web;
let seller: Seller;
let portal: string;

/** Somebody of the operator's staff whom no other test knows. */
const hire = async (role: 'admin' | 'member' = 'admin'): Promise<{ id: string; name: string }> => {
  const name = `${randomBytes(5).toString('hex')}@operator.example`;
  const wish = { signInName: name, displayName: 'Ana', role, password: PASSWORD };
  const { id } = await rooms.as(operator, () => rooms.get(PeopleService).add(wish));
  return { id, name };
};

const signIn = async (wish: object, host = rooms.configuration.OPERATOR_HOST): Promise<Answer> => {
  const answer = await web.ask('post', '/api/v1/sessions').set('host', host).send(wish);
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  return { status: answer.status, problem, token: String(problem['token']) };
};

const me = async (token: string, host = rooms.configuration.OPERATOR_HOST): Promise<number> =>
  (await web.ask('get', '/api/v1/me').set('host', host).set('authorization', `Bearer ${token}`)).status;

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

beforeAll(async () => {
  rooms = await startRooms();
  web = await startWeb(rooms);
  seller = await openSeller(rooms);
  portal = `portal-${randomBytes(4).toString('hex')}.localhost`;
  await rooms.as(seller.scope, () =>
    rooms.get(HostsService).ensure(seller.brandId, { name: portal, purpose: 'portal' }),
  );
});
afterAll(async () => {
  await web?.stop();
  await rooms?.stop();
});

describe('signing in', () => {
  it('gives a token that works until it is ended, and not a moment longer', async () => {
    const { name } = await hire();
    const { status, token } = await signIn({ signInName: ` ${name.toUpperCase()} `, password: PASSWORD });
    expect(status).toBe(201);
    expect(await me(token)).toBe(200);
    const ended = await web.ask('delete', '/api/v1/sessions/current').set('authorization', `Bearer ${token}`);
    expect(ended.status).toBe(204);
    expect(await me(token)).toBe(401);
  });

  it('lasts twelve hours', async () => {
    const { id, name } = await hire();
    const { token, problem } = await signIn({ signInName: name, password: PASSWORD });
    const lasts = new Date(String(problem['expiresAt'])).getTime() - Date.now();
    expect(lasts / 3_600_000).toBeCloseTo(12, 1);
    await rooms.sql(`update session set expires_at = now() - interval '1 second' where person_id = $1`, [id]);
    expect(await me(token)).toBe(401);
  });

  it('keeps only a digest of the token', async () => {
    const { id, name } = await hire();
    const { token } = await signIn({ signInName: name, password: PASSWORD });
    const [row] = await rooms.sql<{ all: string }>(
      'select s::text as all from session s where person_id = $1',
      [id],
    );
    expect(row?.all).not.toContain(token);
    expect(row?.all).not.toContain(token.slice(4));
  });

  it('says the same to a wrong password and to an unknown name, and takes as long', async () => {
    const { name } = await hire();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const said = new Set<string>();
    for (let turn = 0; turn < 7; turn += 1)
      for (const kind of ['known', 'unknown'] as const) {
        const signInName = kind === 'known' ? name : `nobody-${turn}@operator.example`;
        const startedAt = performance.now();
        const { problem } = await signIn({ signInName, password: WRONG });
        times[kind].push(performance.now() - startedAt);
        said.add(JSON.stringify(problem));
      }
    expect([...said].map((text) => JSON.parse(text) as object)).toEqual([
      expect.objectContaining({ status: 401, code: 'identity.wrong-password' }),
    ]);
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio, JSON.stringify(times)).toBeGreaterThan(0.6);
    expect(ratio, JSON.stringify(times)).toBeLessThan(1.7);
  });

  it('is refused to somebody who has no password yet, in the same words', async () => {
    const { id, name } = await hire();
    await rooms.sql('update person set password_hash = null where id = $1', [id]);
    expect((await signIn({ signInName: name, password: PASSWORD })).problem).toMatchObject({
      code: 'identity.wrong-password',
    });
  });

  it('ends with 429 after ten wrong passwords, also for the right one', async () => {
    const { name } = await hire();
    for (let turn = 0; turn < 10; turn += 1)
      expect((await signIn({ signInName: name, password: WRONG })).status).toBe(401);
    const { status, problem } = await signIn({ signInName: name, password: PASSWORD });
    expect(status).toBe(429);
    expect(problem).toMatchObject({ code: 'identity.too-many-tries' });
  });

  it.each([
    ['no body', {}],
    ['a name that is a list', { signInName: ['a', 'b'], password: PASSWORD }],
    ['a password that is an object', { signInName: 'ana@operator.example', password: { length: 12 } }],
    ['a field it does not know', { signInName: 'ana@operator.example', password: PASSWORD, role: 'owner' }],
  ])('is 400 with %s', async (_, wish) => {
    expect(await signIn(wish)).toMatchObject({ status: 400, problem: { code: 'request.invalid' } });
  });

  it('is not done with what stands in the query, where every log would keep it', async () => {
    const { name } = await hire();
    const query = new URLSearchParams({ signInName: name, password: PASSWORD });
    const answer = await web.ask('post', `/api/v1/sessions?${query.toString()}`).send({});
    expect(answer.status).toBe(400);
  });
});

describe('a session', () => {
  it('ends with every other of the same person when the password changes', async () => {
    const { id, name } = await hire();
    const other = await hire();
    const mine = [PASSWORD, PASSWORD].map((password) => signIn({ signInName: name, password }));
    const tokens = (await Promise.all(mine)).map(({ token }) => token);
    const { token: others } = await signIn({ signInName: other.name, password: PASSWORD });
    const newHash = await hashPassword(WRONG);
    await rooms.as(operator, () => rooms.get(PeopleService).setPasswordHash(id, newHash));
    for (const token of tokens) expect(await me(token)).toBe(401);
    expect(await me(others)).toBe(200);
    expect((await signIn({ signInName: name, password: WRONG })).status).toBe(201);
  });

  it('ends with the person', async () => {
    const { id, name } = await hire();
    const { token } = await signIn({ signInName: name, password: PASSWORD });
    await rooms.as(operator, () => rooms.get(PeopleService).remove(id));
    expect(await me(token)).toBe(401);
  });

  it('of the operator is none in a reseller’s house, and the other way round', async () => {
    const { name } = await hire();
    const { token } = await signIn({ signInName: name, password: PASSWORD });
    expect(await me(token, portal)).toBe(401);
    expect((await signIn({ signInName: name, password: PASSWORD }, portal)).status).toBe(401);
    const wish = {
      signInName: 'bo@isp.example',
      displayName: 'Bo',
      role: 'admin',
      password: PASSWORD,
    } as const;
    await rooms.as(seller.scope, () => rooms.get(PeopleService).add(wish));
    const reseller = await signIn({ signInName: wish.signInName, password: PASSWORD }, portal);
    expect(reseller.status).toBe(201);
    expect(await me(reseller.token, portal)).toBe(200);
    expect(await me(reseller.token)).toBe(401);
  });
});

describe('a token of another kind', () => {
  it('is refused, and so is one whose kind was changed', async () => {
    const { name } = await hire();
    const { token: session } = await signIn({ signInName: name, password: PASSWORD });
    const { key } = await rooms.as(operator, () => rooms.get(ApiKeysService).create({ name: 'suite' }));
    expect(await me(key)).toBe(200);
    const [sessionKind = '', keyKind = ''] = [session, key].map((token) =>
      token.slice(0, token.indexOf('_')),
    );
    const swapped = [session.replace(sessionKind, keyKind), key.replace(keyKind, sessionKind)];
    const foreign = ['abcd-efgh-ijkl-mnop-qrst-uvwx', 'x', '', session.slice(0, -1), `${session}A`];
    for (const token of [...swapped, ...foreign]) expect(await me(token), token).toBe(401);
  });

  it('is refused when it comes in another way than as a bearer', async () => {
    const { name } = await hire();
    const { token } = await signIn({ signInName: name, password: PASSWORD });
    for (const header of [
      token,
      `Basic ${Buffer.from(`${name}:${PASSWORD}`).toString('base64')}`,
      `Token ${token}`,
    ]) {
      const answer = await web.ask('get', '/api/v1/me').set('authorization', header);
      expect(answer.status, header).toBe(401);
    }
    expect((await web.ask('get', `/api/v1/me?access_token=${token}`)).status).toBe(401);
  });

  it('ends no session when an API key signs out', async () => {
    const { name } = await hire();
    const { token } = await signIn({ signInName: name, password: PASSWORD });
    const { key } = await rooms.as(operator, () => rooms.get(ApiKeysService).create({ name: 'suite' }));
    const answer = await web.ask('delete', '/api/v1/sessions/current').set('authorization', `Bearer ${key}`);
    expect(answer.status).toBe(204);
    expect([await me(key), await me(token)]).toEqual([200, 200]);
  });
});
