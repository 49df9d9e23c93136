import { describe, expect, it } from 'vitest';
import type { Answer, CallerKind, Wish, World } from './world.js';

const read = (path: string, headers: Wish['headers'] = {}): Wish => ({ method: 'GET', path, headers });
const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code;

export const provesHosts = (world: () => World): void => {
  const ask = (kind: CallerKind, host: string, wish: Wish = read('/api/v1/me')): Promise<Answer> =>
    world().ask({ ...world().callers[kind], host }, wish);
  const hosts = () => ({
    mine: world().fjord.portalHost,
    other: world().coast.portalHost,
    operator: world().callers.operator.host,
  });

  describe('a host', () => {
    it('that nobody has is answered 421 in neutral words, with a credential or without', async () => {
      for (const host of [
        'unknown.fjordnet.localhost',
        'localhost',
        '127.0.0.1',
        'my.fjordnet.localhost.evil',
        'x y',
      ])
        for (const kind of ['operator', 'tenant', 'nobody'] as const) {
          const answer = await ask(kind, host);
          expect([host, answer.status, codeOf(answer)]).toEqual([host, 421, 'request.unknown-host']);
          expect(answer.text).not.toMatch(/fjord|coast|livery/i);
        }
    });

    it('of another reseller knows no caller of this one, and the operator’s knows none but the operator’s', async () => {
      const { mine, other, operator } = hosts();
      for (const kind of ['reseller', 'tenant', 'owner', 'member'] as const) {
        expect((await ask(kind, mine)).status, kind).toBe(200);
        for (const host of [other, operator])
          expect((await ask(kind, host)).status, `${kind} at ${host}`).toBe(401);
      }
      expect((await ask('operator', operator)).status).toBe(200);
      for (const host of [mine, other]) expect((await ask('operator', host)).status, host).toBe(401);
    });

    it('refuses a credential of another house in the same words as one that never was', async () => {
      const { other } = hosts();
      const forged = `key_${'a'.repeat(40)}`;
      const unknown = await world().ask({ host: other, token: forged }, read('/api/v1/me'));
      const foreign = await ask('reseller', other);
      expect([foreign.status, foreign.text]).toEqual([unknown.status, unknown.text]);
    });

    it('is told by the Host header alone', async () => {
      const { mine, other } = hosts();
      for (const headers of [
        { 'x-forwarded-host': mine },
        { forwarded: `host=${mine}` },
        { 'x-original-host': mine },
        { 'x-host': mine },
      ])
        expect((await ask('tenant', other, read('/api/v1/me', headers))).status).toBe(401);
    });

    it('is the same with a port, in capitals and with a final dot', async () => {
      const { mine } = hosts();
      for (const host of [`${mine}:443`, mine.toUpperCase(), `${mine}.`])
        expect((await ask('tenant', host)).status, host).toBe(200);
    });

    it('lets people sign in who are its own, and nobody else', async () => {
      const { mine, other, operator } = hosts();
      const body = { signInName: 'owner@elsewhere.example', password: world().staffPassword };
      const signIn = (host: string) =>
        world().ask({ host }, { method: 'POST', path: '/api/v1/sessions', body });
      expect((await signIn(mine)).status).toBe(201);
      for (const host of [other, operator]) expect((await signIn(host)).status, host).toBe(401);
    });

    it('takes a name and a password from the body only, and as text only', async () => {
      const name = 'owner@elsewhere.example';
      const password = world().staffPassword;
      const query = `?signInName=${encodeURIComponent(name)}&password=${encodeURIComponent(password)}`;
      const signIn = (path: string, body?: unknown) =>
        world().ask({ host: hosts().mine }, { method: 'POST', path: `/api/v1/sessions${path}`, body });
      for (const answer of [
        await signIn(query),
        await signIn(query, {}),
        await signIn(query, { signInName: name, password: '' }),
        await signIn('', { signInName: { toString: 1 }, password }),
        await signIn('', { signInName: [name], password: [password] }),
        await signIn('', { signInName: name, password: true }),
      ])
        expect([answer.status, codeOf(answer)]).toEqual([400, 'request.invalid']);
    });
  });
};

export const provesPaths = (world: () => World): void => {
  describe('a path', () => {
    it('does not widen a scope, however it is written', async () => {
      const { mine, sibling } = world();
      const [own, theirs] = [mine.tenantId, sibling.tenantId];
      for (const path of [
        `/api/v1/tenants/${theirs}`,
        `/api/v1/TENANTS/${theirs.toUpperCase()}`,
        `/API/V1/Tenants/${theirs}/mailboxes`,
        `/api/v1/tenants/${theirs}/`,
        `/api/v1//tenants/${theirs}/mailboxes`,
        `//api/v1/tenants/${theirs}/mailboxes`,
        `/api/v1/tenants//${theirs}/mailboxes`,
        `/api/v1/tenants%2F${theirs}/mailboxes`,
        `/api/v1/tenants/${theirs}%2Fmailboxes`,
        `/api/v1/%74enants/${theirs}/mailboxes`,
        `/api/v1/tenants/%${theirs.charCodeAt(0).toString(16)}${theirs.slice(1)}/mailboxes`,
        `/api/v1/tenants/${own}/../${theirs}/mailboxes`,
        `/api/v1/tenants/${own}%2F..%2F${theirs}/mailboxes`,
        `/api/v1/tenants/${own}/..%2f${theirs}/mailboxes`,
        `/api/v1/./tenants/${theirs}/mailboxes`,
        `/api/v1/tenants/${own};/../${theirs}/mailboxes`,
        `/api/v1/tenants/${theirs};x=${own}/mailboxes`,
        `/api/v1/tenants/${theirs}\\mailboxes`,
        `/api/v1/tenants/${own}/mailboxes/${sibling.mailboxId}/`,
        `/api/v1/tenants/${own}/Mailboxes/${sibling.mailboxId.toUpperCase()}`,
        `/api/v1/resellers/${mine.resellerId}/tenants/${theirs}/restrictions`,
        `https://${world().fjord.portalHost}/api/v1/tenants/${theirs}/mailboxes`,
        `/api/v1/tenants/${theirs}/mailboxes?tenantId=${own}`,
      ]) {
        const answer = await world().ask(world().callers.tenant, read(path));
        expect([path, answer.status, /dental|Dental/.test(answer.text)]).toEqual([path, 404, false]);
      }
    });

    it('leads to one’s own, or nowhere, when it is written oddly', async () => {
      const { mine } = world();
      const tenant = `tenants/${mine.tenantId}`;
      for (const path of [
        `/api/v1/TENANTS/${mine.tenantId.toUpperCase()}/mailboxes`,
        `/api/v1/${tenant}/mailboxes/`,
        `/API/v1/${tenant}/mailboxes`,
      ]) {
        const { status, text } = await world().ask(world().callers.tenant, read(path));
        expect([200, 404], path).toContain(status);
        if (status === 200) expect(text).toContain('bakery@bakery.example');
      }
    });

    it('that names no account shows what is the caller’s own', async () => {
      const keys = async (caller: CallerKind) => {
        const { text } = await world().ask(world().callers[caller], read('/api/v1/api-keys?limit=200'));
        return (JSON.parse(text) as { items: { id: string; kind: string }[] }).items;
      };
      for (const caller of ['operator', 'reseller', 'tenant'] as const)
        expect(new Set((await keys(caller)).map(({ kind }) => kind)), caller).toEqual(new Set([caller]));
      expect((await keys('tenant')).map(({ id }) => id)).not.toContain(world().sibling.tenantKeyId);
      expect((await keys('reseller')).map(({ id }) => id)).not.toContain(world().stranger.resellerKeyId);
    });
  });
};

export const provesMarkers = (world: () => World): void => {
  describe('a page marker', () => {
    const people = (tenantId: string, after = '') =>
      world().ask(
        world().callers.reseller,
        read(`/api/v1/tenants/${tenantId}/people?limit=1${after && `&after=${encodeURIComponent(after)}`}`),
      );
    const firstMarker = async (): Promise<string> =>
      (JSON.parse((await people(world().mine.tenantId)).text) as { next: string }).next;

    it('leads on where it was given', async () => {
      const { status, text } = await people(world().mine.tenantId, await firstMarker());
      expect([status, (JSON.parse(text) as { items: unknown[] }).items.length]).toEqual([200, 1]);
    });

    it('is refused in another tenant’s list, by another list, and when it was edited', async () => {
      const marker = await firstMarker();
      const [text = '', seal = ''] = marker.split('.');
      const other = Buffer.from(JSON.stringify([world().sibling.mailboxId])).toString('base64url');
      const inKeys = read(`/api/v1/tenants/${world().mine.tenantId}/api-keys?after=${marker}`);
      for (const answer of [
        await people(world().sibling.tenantId, marker),
        await world().ask(world().callers.reseller, inKeys),
        await people(world().mine.tenantId, `${other}.${seal}`),
        await people(world().mine.tenantId, text),
      ])
        expect([answer.status, codeOf(answer)]).toEqual([400, 'request.bad-cursor']);
    });
  });
};
