import { Module } from '@nestjs/common';
import { MailboxesModule } from '../mailboxes/mailboxes.module.js';
import { AppPasswordsController } from './app-passwords.controller.js';
import { AppPasswordsService } from './app-passwords.service.js';
import { PurgedMailboxListener } from './purged-mailbox.listener.js';

@Module({
  imports: [MailboxesModule],
  controllers: [AppPasswordsController],
  providers: [AppPasswordsService, PurgedMailboxListener],
  exports: [AppPasswordsService],
})
export class AppPasswordsModule {}
