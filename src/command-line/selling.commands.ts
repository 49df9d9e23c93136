import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { BrandsService } from '../brands/brands.service.js';
import { CreateBrand } from '../brands/brands.schemas.js';
import { HostsService } from '../brands/hosts.service.js';
import { AddPerson } from '../people/people.schemas.js';
import { PeopleService } from '../people/people.service.js';
import { CreatePlan } from '../plans/plans.schemas.js';
import { PlansService } from '../plans/plans.service.js';
import { environment } from '../platform/config/environment.js';
import { asOperator, inScopeOf } from '../platform/schedules/sweep.js';
import { CreateReseller } from '../resellers/resellers.schemas.js';
import { ResellersService } from '../resellers/resellers.service.js';
import { OpenTenantWithSeats } from '../seats/seats.schemas.js';
import { TenantOpeningService } from '../seats/tenant-opening.service.js';
import { parseBytes } from './bytes.js';
import { type Call, type Command, given } from './command.js';

const show = (call: Call, answer: unknown): void => call.print(JSON.stringify(answer, null, 2));
const inReseller = <T>(call: Call, work: () => Promise<T>): Promise<T> =>
  inScopeOf({ reseller_id: given(call, 'reseller') }, 'command line', work);

const addOperator: Command = {
  words: 'operator add',
  does: 'Adds a member of the operator’s staff, who may then sign in. The password is read from LIVERY_PASSWORD.',
  options: {
    'sign-in-name': 'mail address',
    name: 'display name',
  },
  async run(call) {
    const wish = AddPerson.parse({
      signInName: given(call, 'sign-in-name'),
      displayName: given(call, 'name'),
      role: 'owner',
      password: environment['LIVERY_PASSWORD'] ?? '',
    });
    const people = (await call.rooms()).get(PeopleService, { strict: false });
    show(call, await asOperator('command line', () => people.add(wish)));
  },
};

const operatorKey: Command = {
  words: 'operator key',
  does: 'Makes an API key for the operator. It is shown once.',
  options: { name: 'what the key is for' },
  async run(call) {
    const keys = (await call.rooms()).get(ApiKeysService, { strict: false });
    show(call, await asOperator('command line', () => keys.create({ name: given(call, 'name') })));
  },
};

const createReseller: Command = {
  words: 'reseller create',
  does: 'Opens a reseller.',
  options: { name: 'name of the internet provider' },
  async run(call) {
    const wish = CreateReseller.parse({ name: given(call, 'name') });
    const resellers = (await call.rooms()).get(ResellersService, { strict: false });
    show(call, await asOperator('command line', () => resellers.create(wish)));
  },
};

const resellerKey: Command = {
  words: 'reseller key',
  does: 'Makes an API key for a reseller. It is shown once.',
  options: { reseller: 'id', name: 'what the key is for' },
  async run(call) {
    const keys = (await call.rooms()).get(ApiKeysService, { strict: false });
    show(call, await inReseller(call, () => keys.create({ name: given(call, 'name') })));
  },
};

const createBrand: Command = {
  words: 'brand create',
  does: 'Makes a brand of a reseller, with the host name of its portal.',
  options: {
    reseller: 'id',
    name: 'name customers see',
    support: 'mail address of its support',
    'mail-host': 'host name for mail programs',
    zone: 'DNS zone that customers’ records point to; never changed later',
    'portal-host': 'host name of the portal and API',
  },
  async run(call) {
    const wish = CreateBrand.parse({
      name: given(call, 'name'),
      supportEmail: given(call, 'support'),
      mailHost: given(call, 'mail-host'),
      zoneName: given(call, 'zone'),
    });
    const rooms = await call.rooms();
    const [brands, hosts] = [
      rooms.get(BrandsService, { strict: false }),
      rooms.get(HostsService, { strict: false }),
    ];
    const brand = await inReseller(call, async () => {
      const made = await brands.create(wish);
      await hosts.ensure(made.id, { name: given(call, 'portal-host'), purpose: 'portal' });
      return made;
    });
    show(call, brand);
  },
};

const createPlan: Command = {
  words: 'plan create',
  does: 'Makes a plan that a reseller sells by the seat.',
  options: {
    reseller: 'id',
    name: 'name',
    quota: 'size of a mailbox, such as 10GB',
    'aliases?': 'aliases per mailbox, 20 when not given',
    'hourly-messages?': 'messages a mailbox may send in an hour, 200 when not given',
  },
  async run(call) {
    const wish = CreatePlan.parse({
      name: given(call, 'name'),
      quotaBytes: parseBytes(given(call, 'quota')),
      aliasesPerMailbox: Number(call.options['aliases'] ?? 20),
      hourlyMessages: Number(call.options['hourly-messages'] ?? 200),
      protocols: ['imap', 'pop3', 'smtp', 'sieve'],
    });
    const plans = (await call.rooms()).get(PlansService, { strict: false });
    show(call, await inReseller(call, () => plans.create(wish)));
  },
};

const openTenant: Command = {
  words: 'tenant create',
  does: 'Opens a tenant of a reseller, with its first seats.',
  options: {
    reseller: 'id',
    brand: 'id',
    name: 'name of the firm',
    contact: 'mail address outside its own domains',
    'plan?': 'id of the plan of its first seats',
    'seats?': 'how many, 1 when not given',
  },
  async run(call) {
    const planId = call.options['plan'];
    const wish = OpenTenantWithSeats.parse({
      name: given(call, 'name'),
      contactEmail: given(call, 'contact'),
      brandId: given(call, 'brand'),
      seats: planId === undefined ? [] : [{ planId, count: Number(call.options['seats'] ?? 1) }],
    });
    const tenants = (await call.rooms()).get(TenantOpeningService, { strict: false });
    show(call, await inReseller(call, () => tenants.open(wish)));
  },
};

const tenantKey: Command = {
  words: 'tenant key',
  does: 'Makes an API key for a tenant. It is shown once.',
  options: { reseller: 'id', tenant: 'id', name: 'what the key is for' },
  async run(call) {
    const keys = (await call.rooms()).get(ApiKeysService, { strict: false });
    const owner = { reseller_id: given(call, 'reseller'), tenant_id: given(call, 'tenant') };
    show(call, await inScopeOf(owner, 'command line', () => keys.create({ name: given(call, 'name') })));
  },
};

export const sellingCommands: readonly Command[] = [
  addOperator,
  operatorKey,
  createReseller,
  resellerKey,
  createBrand,
  createPlan,
  openTenant,
  tenantKey,
];
