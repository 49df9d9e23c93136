import type { ApiClient } from '../../src/stack/demo/api-client.js';
import type { DnsSandbox } from '../../src/stack/internet/dns-sandbox.js';
import { publishRecords } from '../../src/stack/demo/demo-world.js';
import { eventually, type Made, type SellingReseller } from './house.js';

export interface OpenTenant {
  readonly id: string;
  readonly path: string;
  readonly api: ApiClient;
}

export interface TestMailbox {
  readonly id: string;
  readonly path: string;
  readonly address: string;
  readonly password: string;
  readonly appPassword: string;
}

/** A tenant with seats and a key of its own. */
export const openTenant = async (
  reseller: SellingReseller,
  name: string,
  seats: number,
): Promise<OpenTenant> => {
  const tenant = await reseller.api.post<Made>(`/resellers/${reseller.id}/tenants`, {
    name,
    contactEmail: 'owner@elsewhere.example',
    brandId: reseller.brandId,
    seats: [{ planId: reseller.planId, count: seats }],
  });
  const path = `/tenants/${tenant.id}`;
  const { key } = await reseller.api.post<{ key: string }>(`${path}/api-keys`, { name: 'tests' });
  return { id: tenant.id, path, api: reseller.api.as({ host: reseller.portalHost, key }) };
};

/** Claims, publishes and verifies a domain; answers its path once mail for it is signed. */
export const proveDomain = async (tenant: OpenTenant, dns: DnsSandbox, name: string): Promise<string> => {
  const claim = await tenant.api.post<Made>(`${tenant.path}/domains`, { name });
  const path = `${tenant.path}/domains/${claim.id}`;
  await publishRecords(tenant.api, dns, path);
  await eventually(async () => {
    const { text } = await tenant.api.ask('POST', `${path}/check`);
    return (JSON.parse(text) as { domain: { state: string } }).domain.state === 'verified';
  });
  return claim.id;
};

/** A mailbox with a main password and an app password for every protocol. */
export const openMailbox = async (
  tenant: OpenTenant,
  wish: { planId: string; domainId: string; domain: string; localPart: string; quotaBytes?: number },
): Promise<TestMailbox> => {
  const { domain, ...rest } = wish;
  const password = `main-${wish.localPart}-password`;
  const mailbox = await tenant.api.post<Made>(`${tenant.path}/mailboxes`, {
    ...rest,
    displayName: wish.localPart,
    kind: 'person',
    password,
  });
  const path = `${tenant.path}/mailboxes/${mailbox.id}`;
  const made = await tenant.api.post<{ password: string }>(`${path}/app-passwords`, {
    name: 'tests',
    scopes: ['imap', 'pop3', 'smtp', 'sieve'],
  });
  return {
    id: mailbox.id,
    path,
    address: `${wish.localPart}@${domain}`,
    password,
    appPassword: made.password,
  };
};
