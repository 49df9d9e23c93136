import { Injectable } from '@nestjs/common';
import { hashPassword } from '#libs/secrets';
import { PeopleService } from '../people/people.service.js';
import { TenantDb } from '../platform/database/tenant-db.js';
import { lockOpenMailbox } from './mailbox-rows.js';
import { refuse } from './mailboxes.errors.js';
import type { SetPassword } from './mailboxes.schemas.js';

/** The main password of a mailbox: its person's. */
@Injectable()
export class MailboxPasswordService {
  constructor(
    private readonly db: TenantDb,
    private readonly people: PeopleService,
  ) {}

  async set(mailboxId: string, { password }: SetPassword): Promise<void> {
    await this.requirePerson(mailboxId, password);
    // Hashed between two transactions: it takes tens of milliseconds of a core.
    const passwordHash = await hashPassword(password);
    await this.db.transaction(async () => {
      // Asked again: the mailbox may have been closed meanwhile.
      const personId = await this.requirePerson(mailboxId, password);
      await this.people.setPasswordHash(personId, passwordHash);
    });
  }

  private async requirePerson(mailboxId: string, password: string): Promise<string> {
    return this.db.transaction(async (db) => {
      const { personId, address } = await lockOpenMailbox(db, mailboxId);
      if (personId === null) throw refuse.sharedHasNoPassword();
      refusePasswordLikeAddress(password, address);
      return personId;
    });
  }
}

/** What is written on every envelope is the first guess. */
export const refusePasswordLikeAddress = (password: string, address: string): void => {
  const guess = password.trim().toLowerCase();
  if (guess === address || guess === address.split('@')[0]) throw refuse.passwordIsAddress();
};
