import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import type { Page } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { ListMailEvents, MailEventPage, type MailEventView } from './mail-events.schemas.js';
import { MailEventsService } from './mail-events.service.js';

@ApiTags('Mail events')
@Controller('api/v1/tenants/:tenantId/mail-events')
export class MailEventsController {
  constructor(private readonly mailEvents: MailEventsService) {}

  @Get()
  @Allow('mail-events:read')
  @Replies(200, MailEventPage)
  list(@Query({ schema: ListMailEvents }) wish: ListMailEvents): Promise<Page<MailEventView>> {
    return this.mailEvents.list(wish);
  }
}
