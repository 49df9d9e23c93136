import { Agent, request } from 'node:https';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { OPERATOR_HOST } from '../../src/stack/house/control-plane-environment.js';
import { type House, type Made, openHouse, type SellingReseller } from '../house/house.js';
import { openMailbox, type OpenTenant, openTenant, proveDomain } from '../house/tenant.js';

/** One id per kind of thing, as routes and bodies name them. */
export interface Ids {
  readonly resellerId: string;
  readonly tenantId: string;
  readonly brandId: string;
  readonly planId: string;
  readonly hostId: string;
  /** Of a tenant's domain, and of the brand's own. */
  readonly domainId: string;
  readonly brandDomainId: string;
  readonly mailboxId: string;
  readonly addressId: string;
  readonly appPasswordId: string;
  /** A key of the tenant, of the reseller and of the operator. */
  readonly tenantKeyId: string;
  readonly resellerKeyId: string;
  readonly operatorKeyId: string;
}

/** How somebody calls; without a token it is nobody. */
export interface Caller {
  readonly host: string;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Wish {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type CallerKind = 'operator' | 'reseller' | 'tenant' | 'owner' | 'member' | 'nobody';

/**
 * Two resellers; a tenant whose callers try their luck, a sibling under the same reseller, and a stranger under the
 * other one, each with one of everything. `gone` names what the sibling had and deleted.
 */
export interface World {
  readonly house: House;
  readonly fjord: SellingReseller;
  readonly coast: SellingReseller;
  readonly mine: Ids;
  readonly sibling: Ids;
  readonly stranger: Ids;
  readonly gone: Ids;
  readonly callers: Readonly<Record<CallerKind, Caller>>;
  readonly bakery: OpenTenant;
  readonly staffPassword: string;
  ask(caller: Caller, wish: Wish): Promise<Answer>;
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const STAFF_PASSWORD = 'a password for staff';

export const openWorld = async (base: { port: number; address: string }): Promise<World> => {
  const house = await openHouse(base);
  const fjord = await house.openReseller('Fjordnet');
  const coast = await house.openReseller('Coastline');
  const bakery = await openTenant(fjord, 'Bakery', 20);
  const dental = await openTenant(fjord, 'Dental', 20);
  const florist = await openTenant(coast, 'Florist', 20);
  const above = await fillReseller(house, fjord);
  const mine = { ...above, ...(await fillTenant(house, fjord, bakery, 'bakery')) };
  const sibling = { ...above, ...(await fillTenant(house, fjord, dental, 'dental')) };
  const stranger = {
    ...(await fillReseller(house, coast)),
    ...(await fillTenant(house, coast, florist, 'florist')),
  };
  const ask = await asker(house);
  const pool = new pg.Pool({ connectionString: databaseUrl(house), max: 2 });
  return {
    house,
    fjord,
    coast,
    mine,
    sibling,
    stranger,
    gone: await makeGone(house, fjord, sibling),
    callers: await makeCallers(house, fjord, bakery, ask),
    bakery,
    staffPassword: STAFF_PASSWORD,
    ask,
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...values])).rows,
    close: async () => {
      await pool.end();
      await house.close();
    },
  };
};

const databaseUrl = ({ stack }: House): string => {
  const url = new URL(stack.settings.postgres.superuserUrl);
  url.pathname = `/${stack.settings.postgres.database}`;
  return url.href;
};

type Above = Pick<
  Ids,
  'resellerId' | 'brandId' | 'planId' | 'hostId' | 'brandDomainId' | 'resellerKeyId' | 'operatorKeyId'
>;
type Below = Pick<Ids, 'tenantId' | 'domainId' | 'mailboxId' | 'addressId' | 'appPasswordId' | 'tenantKeyId'>;

const idOf = async (made: Promise<Made>): Promise<string> => (await made).id;

/** What a reseller has of its own, which its tenants share, and a key of the operator. */
const fillReseller = async (house: House, reseller: SellingReseller): Promise<Above> => {
  const { id: resellerId, brandId, planId, api } = reseller;
  const above = `/resellers/${resellerId}`;
  const brand = `${above}/brands/${brandId}`;
  const host = { name: `extra.${reseller.zoneName}`, purpose: 'portal' };
  return {
    resellerId,
    brandId,
    planId,
    hostId: await idOf(api.post(`${brand}/hosts`, host)),
    brandDomainId: await idOf(api.post(`${brand}/domains`, { name: `hello-${resellerId}.example` })),
    resellerKeyId: await idOf(api.post(`${above}/api-keys`, { name: 'spare' })),
    operatorKeyId: await idOf(house.operator.post('/api-keys', { name: 'spare' })),
  };
};

const fillTenant = async (
  house: House,
  { planId }: SellingReseller,
  tenant: OpenTenant,
  label: string,
): Promise<Below> => {
  const domain = `${label}.example`;
  const domainId = await proveDomain(tenant, house.stack.dns, domain);
  const wish = { planId, domainId, domain, localPart: label };
  const { id: mailboxId, path: mailbox } = await openMailbox(tenant, wish);
  const alias = { kind: 'alias', domainId, localPart: 'alias', receives: true, sends: true };
  const password = { name: 'phone', scopes: ['imap'] };
  return {
    tenantId: tenant.id,
    domainId,
    mailboxId,
    addressId: await idOf(tenant.api.post(`${mailbox}/addresses`, alias)),
    appPasswordId: await idOf(tenant.api.post(`${mailbox}/app-passwords`, password)),
    tenantKeyId: await idOf(tenant.api.post(`${tenant.path}/api-keys`, { name: 'spare' })),
  };
};

/** Makes one more of what can be deleted, deletes it and answers the ids; what cannot be deleted stays the sibling's. */
const makeGone = async (house: House, reseller: SellingReseller, of: Ids): Promise<Ids> => {
  const tenant = `/tenants/${of.tenantId}`;
  const mailbox = `${tenant}/mailboxes/${of.mailboxId}`;
  const above = `/resellers/${of.resellerId}`;
  const brand = `${above}/brands/${of.brandId}`;
  const api = reseller.api;
  const alias = { kind: 'alias', domainId: of.domainId, localPart: 'gone', receives: true, sends: true };
  const made = async (client: typeof api, path: string, body: unknown): Promise<string> => {
    const { id } = await client.post<Made>(path, body);
    const { status, text } = await client.ask('DELETE', `${path}/${id}`);
    if (status !== 204) throw new Error(`${path}: ${text}`);
    return id;
  };
  return {
    ...of,
    hostId: await made(api, `${brand}/hosts`, { name: 'gone.example', purpose: 'portal' }),
    domainId: await made(api, `${tenant}/domains`, { name: 'gone-below.example' }),
    brandDomainId: await made(api, `${brand}/domains`, { name: 'gone-hello.example' }),
    addressId: await made(api, `${mailbox}/addresses`, alias),
    appPasswordId: await made(api, `${mailbox}/app-passwords`, { name: 'gone', scopes: ['imap'] }),
    tenantKeyId: await made(api, `${tenant}/api-keys`, { name: 'gone' }),
    resellerKeyId: await made(api, `${above}/api-keys`, { name: 'gone' }),
    operatorKeyId: await made(house.operator, '/api-keys', { name: 'gone' }),
  };
};

const makeCallers = async (
  house: House,
  reseller: SellingReseller,
  tenant: OpenTenant,
  ask: World['ask'],
): Promise<World['callers']> => {
  const host = reseller.portalHost;
  const keyOf = async (client: typeof reseller.api, path: string): Promise<string> =>
    (await client.post<{ key: string }>(path, { name: 'caller' })).key;
  const signIn = async (role: 'owner' | 'member'): Promise<string> => {
    const signInName = `${role}@elsewhere.example`;
    const person = { signInName, displayName: role, role, password: STAFF_PASSWORD };
    await tenant.api.post(`${tenant.path}/people`, person);
    const body = { signInName, password: STAFF_PASSWORD };
    const { text } = await ask({ host }, { method: 'POST', path: '/api/v1/sessions', body });
    return (JSON.parse(text) as { token: string }).token;
  };
  return {
    operator: { host: OPERATOR_HOST, token: await keyOf(house.operator, '/api-keys') },
    reseller: { host, token: await keyOf(reseller.api, `/resellers/${reseller.id}/api-keys`) },
    tenant: { host, token: await keyOf(tenant.api, `${tenant.path}/api-keys`) },
    owner: { host, token: await signIn('owner') },
    member: { host, token: await signIn('member') },
    nobody: { host },
  };
};

/** Sends a path exactly as it is given, over connections that are kept. */
const asker = async ({ stack }: House): Promise<World['ask']> => {
  const ca = await readFile(stack.settings.tls.authorityFile, 'utf8');
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  return ({ host, token }, { method, path, body, headers }) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const sent = request(
        {
          agent,
          ca,
          method,
          path,
          host: '127.0.0.1',
          port: stack.settings.ports.web,
          servername: 'my.fjordnet.localhost',
          headers: {
            host,
            ...(payload !== undefined && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(payload)),
            }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(parts).toString(),
              headers: response.headers,
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
};
