import { Module } from '@nestjs/common';
import { MailEventsController } from './mail-events.controller.js';
import { MailEventsService } from './mail-events.service.js';

@Module({ controllers: [MailEventsController], providers: [MailEventsService] })
export class MailEventsModule {}
