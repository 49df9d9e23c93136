import { Injectable } from '@nestjs/common';
import { hashPassword } from '#libs/secrets';
import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/config/clock.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { refuse as missing } from '../platform/http/http.errors.js';
import { type Page, type PageWish, Paging } from '../platform/http/paging.js';
import { currentScope, idColumnsOf } from '../platform/tenancy/scope.js';
import { refuse } from './people.errors.js';
import type { AddPerson, PersonView } from './people.schemas.js';
import { Membership } from './membership.entity.js';
import { Person } from './person.entity.js';

/** What signing in needs to know of a person. */
export type SigningIn = Pick<Person, 'id' | 'resellerId' | 'tenantId' | 'passwordHash'>;

type NewPerson = Pick<Person, 'signInName' | 'displayName' | 'passwordHash'>;

@Injectable()
export class PeopleService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly paging: Paging,
  ) {}

  /** Adds somebody with a role in the scope of the request. */
  async add(wish: AddPerson): Promise<PersonView> {
    // Hashed before the transaction: it takes tens of milliseconds of a core.
    const passwordHash = await hashPassword(wish.password);
    return this.db.transaction(async (db) => {
      const person = await this.insert(db, { ...wish, passwordHash });
      await this.grant(db, person.id, wish.role);
      return show(person);
    });
  }

  /** The person behind a mailbox of the tenant in scope; signs in with the mailbox's address. */
  async createForMailbox(wish: {
    signInName: string;
    displayName: string;
    passwordHash: string | null;
  }): Promise<PersonView> {
    return this.db.transaction(async (db) => {
      const person = await this.insert(db, wish);
      await this.grant(db, person.id, 'member');
      return show(person);
    });
  }

  /** Replaces the password and ends every session that was opened with the old one. */
  async setPasswordHash(personId: string, passwordHash: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const changed = await db.update(
        Person,
        { id: personId },
        { passwordHash, updatedAt: this.clock.now() },
      );
      if (changed.affected !== 1) throw missing.notFound();
      await db.query('update session set ended_at = $2 where person_id = $1 and ended_at is null', [
        personId,
        this.clock.now(),
      ]);
    });
  }

  /** Whoever signs in with that name in the house in scope: the operator's staff, or a reseller's people. */
  async findForSignIn(signInName: string): Promise<SigningIn | null> {
    const scope = currentScope();
    const resellerId = scope.kind === 'operator' ? IsNull() : scope.resellerId;
    return this.db.transaction((db) => db.findOneBy(Person, { signInName, resellerId }));
  }

  /** The same password, hashed at today's cost. */
  async rehash(personId: string, passwordHash: string): Promise<void> {
    await this.db.transaction((db) => db.update(Person, { id: personId }, { passwordHash }));
  }

  async rename(personId: string, displayName: string): Promise<void> {
    await this.db.transaction(async (db) => {
      await db.update(Person, { id: personId }, { displayName, updatedAt: this.clock.now() });
    });
  }

  async remove(personId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      await db.delete(Person, { id: personId });
    });
  }

  async list(wish: PageWish): Promise<Page<PersonView>> {
    return this.db.transaction(async (db) => {
      const [after] = this.paging.read(wish, 'people', 1) ?? [];
      const query = db
        .createQueryBuilder(Person, 'person')
        .orderBy('person.id')
        .limit(wish.limit + 1);
      if (currentScope().kind !== 'tenant') query.andWhere('person.tenant_id is null');
      if (currentScope().kind === 'operator') query.andWhere('person.reseller_id is null');
      if (after !== undefined) query.andWhere('person.id > :after', { after });
      return this.paging.page(wish, 'people', await query.getMany(), (row) => [row.id], show);
    });
  }

  private async insert(db: EntityManager, wish: NewPerson): Promise<Person> {
    const now = this.clock.now();
    const { signInName, displayName, passwordHash } = wish;
    const person = {
      id: uuidv7(),
      ...idColumnsOf(currentScope()),
      signInName,
      displayName,
      passwordHash,
      createdAt: now,
      updatedAt: now,
    };
    const { raw } = await db
      .createQueryBuilder()
      .insert()
      .into(Person)
      .values(person)
      .orIgnore()
      .returning('id')
      .execute();
    if ((raw as unknown[]).length === 0) throw refuse.nameTaken();
    return person;
  }

  private async grant(db: EntityManager, personId: string, role: Membership['role']): Promise<void> {
    await db.insert(Membership, {
      id: uuidv7(),
      personId,
      ...idColumnsOf(currentScope()),
      role,
      createdAt: this.clock.now(),
    });
  }
}

const show = (person: Person): PersonView => ({
  id: person.id,
  signInName: person.signInName,
  displayName: person.displayName,
  createdAt: person.createdAt.toISOString(),
});
