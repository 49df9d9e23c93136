import { Injectable } from '@nestjs/common';
import { type MailboxPurged, mailboxPurged } from '../mailboxes/mailboxes.events.js';
import { On } from '../platform/events/on.decorator.js';
import { AppPasswordsService } from './app-passwords.service.js';

/** No digest of a credential outlives its mailbox. */
@Injectable()
export class PurgedMailboxListener {
  constructor(private readonly appPasswords: AppPasswordsService) {}

  @On(mailboxPurged)
  async removeAppPasswords({ mailboxId }: MailboxPurged): Promise<void> {
    await this.appPasswords.removeAll(mailboxId);
  }
}
