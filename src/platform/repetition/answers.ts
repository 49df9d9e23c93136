import { Injectable } from '@nestjs/common';
import { readSealingKey, seal, type SealingKey, unseal } from '#libs/secrets';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../config/clock.js';
import { Keys } from '../config/keys.js';
import { TenantDb } from '../database/tenant-db.js';
import { currentActor, currentScope, idColumnsOf } from '../tenancy/scope.js';
import { refuse } from '../http/http.errors.js';

interface Stored {
  readonly request_digest: string;
  readonly sealed_answer: string | null;
}

/** Answers kept for repeated requests. Sealed, since an answer may hold a key that is shown once. */
@Injectable()
export class Answers {
  constructor(
    private readonly db: TenantDb,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the work and keeps its answer, or gives the answer kept. Two requests with one key at once: the unique
   * index makes the second wait for the first transaction to end.
   */
  async once(
    key: string,
    requestDigest: string,
    work: () => Promise<unknown>,
    on: { readonly replayed: () => void },
  ): Promise<unknown> {
    return this.db.transaction(async (db) => {
      const id = uuidv7();
      const ids = idColumnsOf(currentScope());
      const actor = `${currentActor().kind}:${currentActor().id}`;
      const taken = await db.query<{ id: string }[]>(
        `insert into answer (id, reseller_id, tenant_id, actor, key, request_digest, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (actor, key) do nothing returning id`,
        [id, ids.resellerId, ids.tenantId, actor, key, requestDigest, this.clock.now()],
      );
      if (taken.length === 0) {
        const [stored] = await db.query<Stored[]>(
          'select request_digest, sealed_answer from answer where actor = $1 and key = $2',
          [actor, key],
        );
        on.replayed();
        return this.replay(stored, requestDigest, `${actor}:${key}`);
      }
      const answer = await work();
      const sealed = seal(this.key(), JSON.stringify(answer ?? null), `${actor}:${key}`);
      await db.query('update answer set sealed_answer = $2 where id = $1', [id, sealed]);
      return answer;
    });
  }

  private key(): SealingKey {
    return readSealingKey(this.keys.for('answers').toString('base64url'));
  }

  private replay(stored: Stored | undefined, requestDigest: string, context: string): unknown {
    // Taken by the same actor in another scope, or for another request: either way not this one.
    if (!stored || stored.request_digest !== requestDigest || stored.sealed_answer === null)
      throw refuse.keyReused();
    return JSON.parse(unseal(this.key(), stored.sealed_answer, context));
  }
}
