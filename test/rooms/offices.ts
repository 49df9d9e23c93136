import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { MailboxOpeningService } from '../../src/mailboxes/lifecycle/mailbox-opening.service.js';
import type { MailboxView, OpenMailbox } from '../../src/mailboxes/mailboxes.schemas.js';
import type { TenantScope } from '../../src/platform/tenancy/scope.js';
import type { Rooms } from './harness.js';
import { openTenant, type Seller } from './sellers.js';

/** A tenant with seats and a verified domain, ready to open mailboxes. */
export interface Office {
  readonly scope: TenantScope;
  readonly domainId: string;
  readonly domain: string;
  /** Does something in the office's scope, as the platform or with only the permissions named. */
  in<T>(work: () => Promise<T>, permissions?: readonly string[]): Promise<T>;
  open(localPart: string, wish?: Partial<OpenMailbox>): Promise<MailboxView>;
}

export const openOffice = async (rooms: Rooms, seller: Seller, seats: number): Promise<Office> => {
  const scope = await openTenant(rooms, seller, seats);
  const domain = `${randomBytes(4).toString('hex')}.example`;
  const domainId = await verifyDomain(rooms, seller, scope, domain);
  const within: Office['in'] = (work, permissions) => rooms.as(scope, work, permissions);
  return {
    scope,
    domainId,
    domain,
    in: within,
    open: (localPart, wish = {}) =>
      within(() =>
        rooms.get(MailboxOpeningService).open({
          domainId,
          localPart,
          displayName: `The ${localPart}`,
          planId: seller.planId,
          kind: 'person',
          ...wish,
        }),
      ),
  };
};

/** As if its proof had been seen. A `tenant` of null makes it the brand's own. */
export const verifyDomain = async (
  rooms: Rooms,
  seller: Seller,
  tenant: TenantScope | null,
  name: string,
  state: 'verified' | 'claimed' = 'verified',
): Promise<string> => {
  const id = uuidv7();
  await rooms.sql(
    `insert into domain (id, reseller_id, tenant_id, brand_id, name, state, verified_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, now(), now(), now())`,
    [id, seller.scope.resellerId, tenant?.tenantId ?? null, seller.brandId, name, state],
  );
  return id;
};

/** What an engine node would report. */
export const measure = async (rooms: Rooms, mailbox: MailboxView, bytes: number): Promise<void> => {
  await rooms.sql('select directory.report_usage($1)', [
    JSON.stringify([{ address: mailbox.address, bytes, messages: 1 }]),
  ]);
};
