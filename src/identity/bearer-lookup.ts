import { Injectable } from '@nestjs/common';
import { isWellFormedToken, tokenDigest } from '#libs/secrets';
import { Clock } from '../platform/config/clock.js';
import { Doors } from '../platform/database/doors.js';
import type { Caller } from '../platform/tenancy/caller.js';
import { scopeOfIds } from '../platform/tenancy/scope.js';
import { API_KEY_PREFIX } from '../api-keys/api-keys.service.js';
import { type Grant, permitsIn } from './reach.js';
import type { Role } from './roles.js';
import { SESSION_PREFIX } from './sessions.service.js';

interface KeyRow {
  readonly id: string;
  readonly kind: 'operator' | 'reseller' | 'tenant';
  readonly reseller_id: string | null;
  readonly tenant_id: string | null;
}

interface SessionRow {
  readonly person_id: string;
}

interface MembershipRow {
  readonly reseller_id: string | null;
  readonly tenant_id: string | null;
  readonly role: 'owner' | 'admin' | 'member';
}

/** Whose token it is. Asked through doors, since no scope is known yet. */
@Injectable()
export class BearerLookup {
  constructor(
    private readonly doors: Doors,
    private readonly clock: Clock,
  ) {}

  async find(token: string): Promise<Caller | null> {
    if (isWellFormedToken(API_KEY_PREFIX, token)) return this.key(token);
    if (isWellFormedToken(SESSION_PREFIX, token)) return this.session(token);
    return null;
  }

  private async key(token: string): Promise<Caller | null> {
    const row = await this.doors.askOne<KeyRow>('api_key', tokenDigest(token));
    if (!row) return null;
    return caller('api-key', row.id, [{ scope: scopeOfIds(row.reseller_id, row.tenant_id), role: row.kind }]);
  }

  private async session(token: string): Promise<Caller | null> {
    const row = await this.doors.askOne<SessionRow>('session', tokenDigest(token), this.clock.now());
    if (!row) return null;
    const memberships = await this.doors.ask<MembershipRow>('memberships', row.person_id);
    return caller(
      'person',
      row.person_id,
      memberships.map((held) => ({
        scope: scopeOfIds(held.reseller_id, held.tenant_id),
        role: roleOf(held),
      })),
    );
  }
}

const roleOf = (held: MembershipRow): Role => {
  if (held.role === 'member') return 'member';
  return scopeOfIds(held.reseller_id, held.tenant_id).kind;
};

/** Home is the widest grant. Somebody without any may do nothing anywhere. */
const caller = (kind: Caller['kind'], id: string, grants: readonly Grant[]): Caller | null => {
  const widest = (['operator', 'reseller', 'tenant'] as const)
    .map((scopeKind) => grants.find((grant) => grant.scope.kind === scopeKind))
    .find((grant) => grant !== undefined);
  return widest ? { kind, id, home: widest.scope, permitsIn: permitsIn(grants) } : null;
};
