import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainResolver } from '../../src/domains/checks/domain-resolver.js';
import { DomainsService } from '../../src/domains/domains.service.js';
import { Refusal } from '../../src/platform/http/refusal.js';
import type { TenantScope } from '../../src/platform/tenancy/scope.js';
import { DnsWorld, Registrar } from './dns-world.js';
import { type Rooms, startRooms } from './harness.js';
import { openSeller, openTenant } from './sellers.js';

let rooms: Rooms;
let registrar: Registrar;
let tenants: TenantScope[];
const world = new DnsWorld();
let count = 0;

beforeAll(async () => {
  rooms = await startRooms([{ token: DomainResolver, value: world }]);
  registrar = new Registrar(rooms, world);
  const sellers = [await openSeller(rooms), await openSeller(rooms)] as const;
  tenants = [
    await openTenant(rooms, sellers[0]),
    await openTenant(rooms, sellers[0]),
    await openTenant(rooms, sellers[1]),
  ];
});
afterAll(() => rooms.stop());

/** How often each act comes up: often enough in a sensible order that stories lead somewhere. */
const WEIGHTS = {
  claim: 3,
  'publish-txt': 4,
  'publish-cname': 2,
  withdraw: 1,
  check: 6,
  release: 2,
  silence: 1,
  speech: 3,
};
type Act = keyof typeof WEIGHTS;
const acts = (Object.keys(WEIGHTS) as Act[]).map((act) => ({
  arbitrary: fc.constant(act),
  weight: WEIGHTS[act],
}));
const step = fc.record({ act: fc.oneof(...acts), who: fc.integer({ min: 0, max: 2 }) });
const stories = fc.array(step, { minLength: 20, maxLength: 40, size: 'max' });
type Step = { readonly act: Act; readonly who: number };

/** One name, three accounts, and what the world's DNS holds of it. */
class Story {
  readonly name = `story-${(count += 1)}.example`;
  readonly claims = new Map<number, string>();
  /** Whose claim the world proves now. */
  proven: string | null = null;

  async take({ act, who }: Step): Promise<void> {
    const claimId = this.claims.get(who);
    const scope = tenants[who] as TenantScope;
    if (act === 'silence' || act === 'speech') world.silence = act === 'silence' ? 'server-failure' : null;
    else if (act === 'withdraw') this.withdraw();
    else if (act === 'claim') this.claims.set(who, (await registrar.claim(scope, this.name)).id);
    else if (claimId === undefined) return;
    else if (act === 'check') await registrar.check(scope, claimId);
    else if (act === 'release') await this.release(scope, who, claimId);
    else await this.publish(scope, claimId, act);
  }

  holders(): Promise<{ id: string; tenant_id: string }[]> {
    return rooms.sql("select id, tenant_id from domain where name = $1 and state = 'verified'", [this.name]);
  }

  withdraw(): void {
    world.withdraw('TXT', `_mail-proof.${this.name}`);
    world.withdraw('CNAME', `_mail-proof.${this.name}`);
    this.proven = null;
  }

  private async release(scope: TenantScope, who: number, claimId: string): Promise<void> {
    await rooms.as(scope, () => rooms.get(DomainsService).release(claimId));
    this.claims.delete(who);
  }

  private async publish(scope: TenantScope, claimId: string, act: Act): Promise<void> {
    const proof = await registrar.proofOf(scope, claimId);
    this.withdraw();
    if (act === 'publish-txt') world.publish('TXT', proof.name, proof.text);
    else world.publish('CNAME', proof.name, proof.alias);
    this.proven = claimId;
  }
}

/** A refusal is an answer like any other; a fault is not. */
const refusedOrDone = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
};

describe('whatever three accounts do in whatever order', () => {
  it('a name is held by one at most, and by none that did not prove it at that moment', async () => {
    let proofs = 0;
    const tell = async (steps: readonly Step[]): Promise<void> => {
      const story = new Story();
      world.silence = null;
      let held: string | null = null;
      for (const taken of steps) {
        const claimId = story.claims.get(taken.who);
        await refusedOrDone(story.take(taken));
        const [holder, ...others] = await story.holders();
        expect(others).toEqual([]);
        if (holder === undefined) {
          // Only its holder's release empties a name.
          if (held !== null) expect([taken.act, claimId]).toEqual(['release', held]);
        } else if (holder.id !== held) {
          expect([taken.act, claimId, held, world.silence]).toEqual(['check', holder.id, null, null]);
          expect(story.proven).toBe(holder.id);
          expect(holder.tenant_id).toBe(tenants[taken.who]?.tenantId);
          proofs += 1;
        }
        held = holder?.id ?? null;
      }
      story.withdraw();
    };
    await fc.assert(fc.asyncProperty(stories, tell), {
      numRuns: 50,
    });
    // The stories would prove nothing if nobody ever succeeded in them.
    expect(proofs).toBeGreaterThan(10);
  });
});
