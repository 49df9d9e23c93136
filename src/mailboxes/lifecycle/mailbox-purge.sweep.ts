import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/config/clock.js';
import { Doors } from '../../platform/database/doors.js';
import { Log } from '../../platform/logging/log.js';
import { inScopeOf, type OwnedRow, Sweep } from '../../platform/schedules/sweep.js';
import { MailboxPurgeService } from './mailbox-purge.service.js';

@Injectable()
export class MailboxPurgeSweep {
  private readonly log = new Log('MailboxPurge');

  constructor(
    private readonly doors: Doors,
    private readonly clock: Clock,
    private readonly purges: MailboxPurgeService,
  ) {}

  @Sweep({ name: 'mailbox-purge', everySeconds: 3600 })
  async purgeAll(): Promise<void> {
    const now = this.clock.now();
    const rows = await this.doors.ask<OwnedRow & { readonly mailbox_id: string }>('mailboxes_to_purge', now);
    for (const row of rows)
      await inScopeOf(row, 'sweep mailbox-purge', () => this.purges.purge(row.mailbox_id)).catch(
        // One that cannot be purged must not keep the others.
        (fault: unknown) => this.log.error('A mailbox could not be purged', fault),
      );
  }
}
