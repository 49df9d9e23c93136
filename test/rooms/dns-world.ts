import { fakeResolver, type RecordType, type UnknownReason } from '#libs/dns';
import { ChecksService } from '../../src/domains/checks/checks.service.js';
import { DomainRecordsService } from '../../src/domains/checks/domain-records.service.js';
import { DomainResolver } from '../../src/domains/checks/domain-resolver.js';
import { ClaimsService } from '../../src/domains/claims/claims.service.js';
import type { CheckView, DomainView } from '../../src/domains/domains.schemas.js';
import { Listeners } from '../../src/platform/events/listeners.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { openTransaction, type Scope } from '../../src/platform/tenancy/scope.js';
import type { Rooms } from './harness.js';

/** The world's DNS as a suite writes it. */
export class DnsWorld extends DomainResolver {
  readonly records: Record<`${RecordType} ${string}`, string[]> = {};
  /** While set, nobody answers anything. */
  silence: UnknownReason | null = null;
  asked = 0;

  async lookup(type: RecordType, name: string) {
    if (openTransaction()) throw new Error('DNS is asked while a transaction is open.');
    this.asked += 1;
    if (this.silence !== null) return { outcome: 'unknown', why: this.silence } as const;
    return fakeResolver(this.records).lookup(type, name);
  }

  publish(type: RecordType, name: string, ...values: string[]): void {
    this.records[`${type} ${name}`] = values;
  }

  withdraw(type: RecordType, name: string): void {
    delete this.records[`${type} ${name}`];
  }
}

/** What a suite does with domains, in few words. */
export class Registrar {
  constructor(
    private readonly rooms: Rooms,
    private readonly world: DnsWorld,
  ) {}

  claim(scope: Scope, name: string, brandId?: string): Promise<DomainView> {
    return this.rooms.as(scope, () => this.rooms.get(ClaimsService).claim({ name }, brandId));
  }

  check(scope: Scope, domainId: string, brandId?: string): Promise<CheckView> {
    return this.rooms.as(scope, () => this.rooms.get(ChecksService).check(domainId, brandId));
  }

  /** The ownership record of a claim: its TXT value, and the target of its alias. */
  async proofOf(scope: Scope, domainId: string): Promise<{ name: string; text: string; alias: string }> {
    const { records } = await this.rooms.as(scope, () => this.rooms.get(DomainRecordsService).list(domainId));
    const record = records.find(({ purpose }) => purpose === 'ownership');
    if (!record?.alternative) throw new Error('A domain has an ownership record with an alternative.');
    return { name: record.name, text: record.value, alias: record.alternative.value };
  }

  async verified(scope: Scope, name: string, brandId?: string): Promise<DomainView> {
    const claimed = await this.claim(scope, name, brandId);
    const proof = await this.proofOf(scope, claimed.id);
    this.world.publish('TXT', proof.name, proof.text);
    return (await this.check(scope, claimed.id, brandId)).domain;
  }
}

interface Happened {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly reseller_id: string;
  readonly tenant_id: string | null;
}

/** Lets every listener react to what has happened, and to what happens through that, as the worker does. */
export const settleEvents = async (rooms: Rooms): Promise<void> => {
  for (;;) {
    const events = await rooms.sql<Happened>(
      'update outbox set relayed_at = now() where relayed_at is null returning *',
    );
    if (events.length === 0) return;
    for (const event of events) await deliver(rooms, event);
  }
};

export const deliver = async (rooms: Rooms, event: Happened): Promise<void> => {
  const listeners = rooms.get(Listeners);
  for (const name of listeners.namesFor(event.name)) {
    const listener = listeners.find(name);
    const reseller = { kind: 'reseller', resellerId: event.reseller_id } as const;
    const scope: Scope =
      event.tenant_id === null || listener?.as === 'reseller'
        ? reseller
        : { kind: 'tenant', resellerId: event.reseller_id, tenantId: event.tenant_id };
    await rooms.as(scope, () => rooms.get(TenantDb).transaction(async () => listener?.react(event.payload)));
  }
};

export const eventsNamed = (rooms: Rooms, name: string): Promise<Happened[]> =>
  rooms.sql<Happened>('select * from outbox where name = $1 order by id', [name]);
