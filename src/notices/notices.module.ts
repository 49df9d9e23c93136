import { Module } from '@nestjs/common';
import { FilledMailboxListener } from './filled-mailbox.listener.js';
import { NoticesSender } from './notices.sender.js';
import { SmtpNoticesSender } from './smtp-notices.sender.js';

/** What the platform writes to people in a brand's name. */
@Module({
  providers: [FilledMailboxListener, { provide: NoticesSender, useClass: SmtpNoticesSender }],
  exports: [NoticesSender],
})
export class NoticesModule {}
