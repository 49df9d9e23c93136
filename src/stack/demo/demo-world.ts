import { setTimeout as pause } from 'node:timers/promises';
import type { DnsSandbox } from '../internet/dns-sandbox.js';
import type { ApiClient } from './api-client.js';
import { DEMO, type DemoTenant } from './demo-plan.js';

interface Made {
  readonly id: string;
}

interface WantedRecords {
  readonly records: readonly {
    readonly type: 'TXT' | 'CNAME' | 'MX';
    readonly name: string;
    readonly value: string;
  }[];
}

export interface DemoMailbox {
  readonly address: string;
  readonly password: string;
}

/** What was made, kept for the next start. `domains` are paths of the API. */
export interface DemoWorld {
  readonly resellerId: string;
  readonly resellerKey: string;
  readonly tenants: readonly { readonly id: string; readonly name: string }[];
  readonly domains: readonly string[];
  readonly mailboxes: readonly DemoMailbox[];
}

const PROOF_TRIES = 20;

/** Sells the demo the way a reseller would: everything goes through the API, and an interrupted start goes on. */
export class DemoMaker {
  private readonly domains: string[] = [];
  private readonly mailboxes: DemoMailbox[] = [];

  constructor(
    private readonly operator: ApiClient,
    private readonly dns: DnsSandbox,
    private readonly passwordFor: (name: string) => string,
  ) {}

  async make(): Promise<DemoWorld> {
    const reseller = await this.operator.post<Made>('/resellers', { name: DEMO.reseller });
    const base = `/resellers/${reseller.id}`;
    const { key } = await this.operator.post<{ key: string }>(`${base}/api-keys`, { name: 'demo' });
    const { mailDomain, portalHost, ...brandWish } = DEMO.brand;
    const brand = await this.operator.post<Made>(`${base}/brands`, brandWish);
    await this.operator.post(`${base}/brands/${brand.id}/hosts`, { name: portalHost, purpose: 'portal' });
    const plan = await this.operator.post<Made>(`${base}/plans`, DEMO.plan);
    const seller = this.operator.as({ host: portalHost, key });
    await this.prove(seller, `${base}/brands/${brand.id}/domains`, mailDomain);
    const tenants = [];
    for (const wish of DEMO.tenants) tenants.push(await this.open(seller, base, brand.id, plan.id, wish));
    const { domains, mailboxes } = this;
    return { resellerId: reseller.id, resellerKey: key, tenants, domains, mailboxes };
  }

  private async open(
    seller: ApiClient,
    base: string,
    brandId: string,
    planId: string,
    wish: DemoTenant,
  ): Promise<{ id: string; name: string }> {
    const { name, contactEmail, seats } = wish;
    const offer = { name, contactEmail, brandId, seats: [{ planId, count: seats }] };
    const tenant = await seller.post<Made>(`${base}/tenants`, offer);
    const own = `/tenants/${tenant.id}`;
    const domainIds = new Map<string, string>();
    for (const domain of wish.domains)
      domainIds.set(domain, await this.prove(seller, `${own}/domains`, domain));
    for (const person of wish.people) {
      const domainId = domainIds.get(person.at);
      const { localPart, displayName } = person;
      const password = this.passwordFor(`${localPart}@${person.at}`);
      const opened = { domainId, localPart, displayName, planId, kind: 'person', password };
      const mailbox = await seller.post<Made>(`${own}/mailboxes`, opened);
      this.mailboxes.push({ address: `${localPart}@${person.at}`, password });
      if ('alias' in person) {
        const alias = { kind: 'alias', domainId, localPart: person.alias };
        await seller.post(`${own}/mailboxes/${mailbox.id}/addresses`, alias);
      }
    }
    return { id: tenant.id, name };
  }

  /** Claims a domain, puts the wanted records into the sandbox's DNS, and has them looked at. */
  private async prove(seller: ApiClient, path: string, name: string): Promise<string> {
    const claim = await seller.post<Made>(path, { name });
    const domain = `${path}/${claim.id}`;
    this.domains.push(domain);
    await publishRecords(seller, this.dns, domain);
    for (let attempt = 0; attempt < PROOF_TRIES; attempt += 1) {
      const { domain: seen } = await seller.post<{ domain: { state: string } }>(`${domain}/check`);
      if (seen.state === 'verified') return claim.id;
      await pause(250);
    }
    throw new Error(`${name} could not be verified in the sandbox.`);
  }
}

/** Does what the owner of a domain would do at their DNS provider. */
export const publishRecords = async (seller: ApiClient, dns: DnsSandbox, domain: string): Promise<void> => {
  const { records } = await seller.get<WantedRecords>(`${domain}/records`);
  for (const { name, type, value } of records) dns.set(name, type, [value]);
};
