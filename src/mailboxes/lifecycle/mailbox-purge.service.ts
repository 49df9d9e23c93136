import { Injectable } from '@nestjs/common';
import { AddressesService } from '../../addresses/addresses.service.js';
import { PeopleService } from '../../people/people.service.js';
import { Clock } from '../../platform/config/clock.js';
import { TenantDb } from '../../platform/database/tenant-db.js';
import { Events } from '../../platform/events/events.js';
import { mailboxPurged } from '../mailboxes.events.js';
import { lockMailbox } from '../mailbox-rows.js';
import { Mailbox } from '../mailbox.entity.js';

/** Ends what nobody took back in time. */
@Injectable()
export class MailboxPurgeService {
  constructor(
    private readonly db: TenantDb,
    private readonly clock: Clock,
    private readonly addresses: AddressesService,
    private readonly people: PeopleService,
    private readonly events: Events,
  ) {}

  /**
   * The row stays, for history and because its mail still lies on disk: removing that is the work of the engine node
   * that holds it.
   */
  async purge(mailboxId: string): Promise<void> {
    await this.db.transaction(async (db) => {
      const now = this.clock.now();
      const mailbox = await lockMailbox(db, mailboxId);
      // Reopened between the list and here.
      if (mailbox.state !== 'closed' || mailbox.purgeAfter === null || mailbox.purgeAfter > now) return;
      const purged = { state: 'purged', personId: null, purgeAfter: null, updatedAt: now } as const;
      await db.update(Mailbox, { id: mailboxId }, purged);
      await this.addresses.freeAll(mailboxId);
      if (mailbox.personId !== null) await this.people.remove(mailbox.personId);
      await this.events.record(db, mailboxPurged, { mailboxId });
    });
  }
}
