import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/config/clock.js';
import { Doors } from '../../platform/database/doors.js';
import { inEachScope, type OwnedRow, Sweep } from '../../platform/schedules/sweep.js';
import { MailboxPurgeService } from './mailbox-purge.service.js';

@Injectable()
export class MailboxPurgeSweep {
  constructor(
    private readonly doors: Doors,
    private readonly clock: Clock,
    private readonly purges: MailboxPurgeService,
  ) {}

  @Sweep({ name: 'mailbox-purge', everySeconds: 3600 })
  async purgeAll(): Promise<void> {
    const now = this.clock.now();
    const rows = await this.doors.ask<OwnedRow & { readonly mailbox_id: string }>('mailboxes_to_purge', now);
    await inEachScope(rows, 'sweep mailbox-purge', (row) => this.purges.purge(row.mailbox_id));
  }
}
