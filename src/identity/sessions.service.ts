import { Injectable } from '@nestjs/common';
import {
  hashPassword,
  makeToken,
  needsRehash,
  tokenDigest,
  verifyNothing,
  verifyPassword,
} from '#libs/secrets';
import { IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { type SigningIn, PeopleService } from '../people/people.service.js';
import { currentScope } from '../platform/tenancy/scope.js';
import { refuse } from './identity.errors.js';
import type { SessionView } from './identity.schemas.js';
import { Session } from './session.entity.js';
import { SignInLimiter } from './sign-in-limiter.js';

export const SESSION_PREFIX = 'ses';
const LASTS_MS = 12 * 3_600_000;

@Injectable()
export class SessionsService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly limiter: SignInLimiter,
    private readonly people: PeopleService,
  ) {}

  /** Checks a name and password in the house the request came to. Unknown names cost as much time as known ones. */
  async verify(signInName: string, password: string, address: string): Promise<SigningIn> {
    const scope = currentScope();
    const name = `${scope.kind === 'operator' ? '' : scope.resellerId} ${signInName}`;
    this.limiter.admit(name, address);
    const person = await this.people.findForSignIn(signInName);
    const right = person?.passwordHash
      ? await verifyPassword(person.passwordHash, password)
      : await verifyNothing(password);
    if (!person || !right) {
      this.limiter.failed(name, address);
      throw refuse.wrongPassword();
    }
    this.limiter.succeeded(name);
    if (person.passwordHash && needsRehash(person.passwordHash))
      await this.people.rehash(person.id, await hashPassword(password));
    return person;
  }

  async open(person: SigningIn): Promise<SessionView> {
    const token = makeToken(SESSION_PREFIX, 256);
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + LASTS_MS);
    await this.db.transaction((db) =>
      db.insert(Session, {
        id: uuidv7(),
        personId: person.id,
        resellerId: person.resellerId,
        tenantId: person.tenantId,
        digest: tokenDigest(token),
        createdAt: now,
        expiresAt,
        endedAt: null,
      }),
    );
    return { token, expiresAt: expiresAt.toISOString(), personId: person.id };
  }

  /** Ends the session a token belongs to; a token that is not a session's changes nothing. */
  async end(token: string): Promise<void> {
    await this.db.transaction((db) =>
      db.update(Session, { digest: tokenDigest(token), endedAt: IsNull() }, { endedAt: this.clock.now() }),
    );
  }
}
