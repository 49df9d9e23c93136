import type { Ids } from './world.js';

type Body = (ids: Ids) => Readonly<Record<string, unknown>>;

const KEY: Body = () => ({ name: 'another' });
const STOPS = { stops: { sending: true, signIn: false, receiving: false }, reason: 'Asked for.' };
const person =
  (signInName: string): Body =>
  () => ({ signInName, displayName: 'New', role: 'member', password: 'long enough to be one' });
const CONTENT = { quotaBytes: 5_000_000, aliasesPerMailbox: 3, hourlyMessages: 9, protocols: ['imap'] };

/** A valid body for every route that writes; null where a route takes none. A route that is missing here fails the suite. */
export const BODIES: Readonly<Record<string, Body | null>> = {
  'POST /api/v1/sessions': () => ({
    signInName: 'owner@elsewhere.example',
    password: 'a password for staff',
  }),
  'DELETE /api/v1/sessions/current': null,

  'POST /api/v1/api-keys': KEY,
  'POST /api/v1/resellers/:resellerId/api-keys': KEY,
  'POST /api/v1/tenants/:tenantId/api-keys': KEY,
  'DELETE /api/v1/api-keys/:apiKeyId': null,
  'DELETE /api/v1/resellers/:resellerId/api-keys/:apiKeyId': null,
  'DELETE /api/v1/tenants/:tenantId/api-keys/:apiKeyId': null,

  'POST /api/v1/people': person('operator@elsewhere.example'),
  'POST /api/v1/resellers/:resellerId/people': person('seller@elsewhere.example'),
  'POST /api/v1/tenants/:tenantId/people': person('new@elsewhere.example'),

  'POST /api/v1/resellers': () => ({ name: 'Third' }),
  'PATCH /api/v1/resellers/:resellerId': () => ({ name: 'Renamed' }),

  'POST /api/v1/resellers/:resellerId/brands': () => ({
    name: 'Another',
    supportEmail: 'help@another.example',
    mailHost: 'mail-another.example',
    zoneName: 'mailzone.another.example',
  }),
  'PATCH /api/v1/resellers/:resellerId/brands/:brandId': () => ({ name: 'Renamed' }),
  'POST /api/v1/resellers/:resellerId/brands/:brandId/hosts': () => ({
    name: 'new-host.example',
    purpose: 'portal',
  }),
  'DELETE /api/v1/resellers/:resellerId/brands/:brandId/hosts/:hostId': null,
  'POST /api/v1/resellers/:resellerId/brands/:brandId/domains': () => ({ name: 'new-hello.example' }),
  'DELETE /api/v1/resellers/:resellerId/brands/:brandId/domains/:domainId': null,
  'POST /api/v1/resellers/:resellerId/brands/:brandId/domains/:domainId/check': null,

  'POST /api/v1/resellers/:resellerId/plans': () => ({ name: 'Another', ...CONTENT }),
  'POST /api/v1/resellers/:resellerId/plans/:planId/versions': () => CONTENT,

  'POST /api/v1/resellers/:resellerId/tenants': ({ brandId, planId }) => ({
    name: 'Another',
    contactEmail: 'owner@another.example',
    brandId,
    seats: [{ planId, count: 1 }],
  }),
  'PATCH /api/v1/tenants/:tenantId': () => ({ name: 'Renamed' }),
  'POST /api/v1/resellers/:resellerId/tenants/:tenantId/seats': ({ planId }) => ({ planId, purchased: 30 }),
  'PUT /api/v1/resellers/:resellerId/tenants/:tenantId/restrictions/:cause': () => STOPS,
  'DELETE /api/v1/resellers/:resellerId/tenants/:tenantId/restrictions/:cause': null,

  'POST /api/v1/tenants/:tenantId/domains': () => ({ name: 'new-claim.example' }),
  'DELETE /api/v1/tenants/:tenantId/domains/:domainId': null,
  'POST /api/v1/tenants/:tenantId/domains/:domainId/check': null,
  'PUT /api/v1/tenants/:tenantId/domains/:domainId/restrictions/owner': () => STOPS,
  'DELETE /api/v1/tenants/:tenantId/domains/:domainId/restrictions/owner': null,

  'POST /api/v1/tenants/:tenantId/mailboxes': ({ domainId, planId }) => ({
    domainId,
    planId,
    localPart: 'new',
    displayName: 'New',
    kind: 'person',
  }),
  'PATCH /api/v1/tenants/:tenantId/mailboxes/:mailboxId': () => ({ displayName: 'Renamed' }),
  'PUT /api/v1/tenants/:tenantId/mailboxes/:mailboxId/password': () => ({
    password: 'quite another password',
  }),
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/close': null,
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/reopen': null,
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/suspend': () => ({ reason: 'Asked for.' }),
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/restore': null,
  'PUT /api/v1/tenants/:tenantId/mailboxes/:mailboxId/restrictions/owner': () => STOPS,
  'DELETE /api/v1/tenants/:tenantId/mailboxes/:mailboxId/restrictions/owner': null,
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/addresses': ({ domainId }) => ({
    kind: 'alias',
    domainId,
    localPart: 'another-alias',
  }),
  'DELETE /api/v1/tenants/:tenantId/mailboxes/:mailboxId/addresses/:addressId': null,
  'POST /api/v1/tenants/:tenantId/mailboxes/:mailboxId/app-passwords': () => ({
    name: 'another',
    scopes: ['imap'],
  }),
  'DELETE /api/v1/tenants/:tenantId/mailboxes/:mailboxId/app-passwords/:appPasswordId': null,
};
