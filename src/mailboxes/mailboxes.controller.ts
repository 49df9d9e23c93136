import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { OutsideTransaction } from '../platform/repetition/outside-transaction.decorator.js';
import type { Page } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { Restrict } from '../tenants/restrictions.schemas.js';
import { MailboxClosingService } from './lifecycle/mailbox-closing.service.js';
import { MailboxOpeningService } from './lifecycle/mailbox-opening.service.js';
import { MailboxPasswordService } from './mailbox-password.service.js';
import { MailboxSwitchesService } from './mailbox-switches.service.js';
import {
  ChangeMailbox,
  ListMailboxes,
  MailboxDetail,
  MailboxPage,
  MailboxSwitches,
  MailboxView,
  OpenMailbox,
  SetPassword,
  SuspendMailbox,
} from './mailboxes.schemas.js';
import { MailboxesService } from './mailboxes.service.js';

@ApiTags('Mailboxes')
@Controller('api/v1/tenants/:tenantId/mailboxes')
export class MailboxesController {
  constructor(
    private readonly mailboxes: MailboxesService,
    private readonly opening: MailboxOpeningService,
    private readonly closing: MailboxClosingService,
    private readonly passwords: MailboxPasswordService,
    private readonly switches: MailboxSwitchesService,
  ) {}

  @Get()
  @Allow('mailboxes:list')
  @Replies(200, MailboxPage)
  list(@Query({ schema: ListMailboxes }) wish: ListMailboxes): Promise<Page<MailboxView>> {
    return this.mailboxes.list(wish);
  }

  @Post()
  @Allow('mailboxes:open')
  @Replies(201, MailboxView)
  open(@Body({ schema: OpenMailbox }) wish: OpenMailbox): Promise<MailboxView> {
    return this.opening.open(wish);
  }

  @Get(':mailboxId')
  @Allow('mailboxes:read')
  @Replies(200, MailboxDetail)
  read(@Param('mailboxId', Id) mailboxId: string): Promise<MailboxDetail> {
    return this.mailboxes.read(mailboxId);
  }

  @Patch(':mailboxId')
  @Allow('mailboxes:change')
  @Replies(200, MailboxView)
  change(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: ChangeMailbox }) wish: ChangeMailbox,
  ): Promise<MailboxView> {
    return this.mailboxes.change(mailboxId, wish);
  }

  @Post(':mailboxId/close')
  @Allow('mailboxes:close')
  @Replies(200, MailboxView)
  close(@Param('mailboxId', Id) mailboxId: string): Promise<MailboxView> {
    return this.closing.close(mailboxId);
  }

  @Post(':mailboxId/reopen')
  @Allow('mailboxes:open')
  @Replies(200, MailboxView)
  reopen(@Param('mailboxId', Id) mailboxId: string): Promise<MailboxView> {
    return this.opening.reopen(mailboxId);
  }

  @Put(':mailboxId/password')
  @OutsideTransaction()
  @Allow('mailboxes:set-password')
  @Replies(204)
  setPassword(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: SetPassword }) wish: SetPassword,
  ): Promise<void> {
    return this.passwords.set(mailboxId, wish);
  }

  @Post(':mailboxId/suspend')
  @Allow('mailboxes:suspend')
  @Replies(200, MailboxSwitches)
  suspend(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: SuspendMailbox }) wish: SuspendMailbox,
  ): Promise<MailboxSwitches> {
    return this.switches.suspend(mailboxId, wish);
  }

  @Post(':mailboxId/restore')
  @Allow('mailboxes:restore')
  @Replies(200, MailboxSwitches)
  restore(@Param('mailboxId', Id) mailboxId: string): Promise<MailboxSwitches> {
    return this.switches.lift(mailboxId);
  }

  @Put(':mailboxId/restrictions/owner')
  @Allow('mailboxes:suspend')
  @Replies(200, MailboxSwitches)
  place(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: Restrict }) wish: Restrict,
  ): Promise<MailboxSwitches> {
    return this.switches.place(mailboxId, wish);
  }

  @Delete(':mailboxId/restrictions/owner')
  @Allow('mailboxes:restore')
  @Replies(200, MailboxSwitches)
  lift(@Param('mailboxId', Id) mailboxId: string): Promise<MailboxSwitches> {
    return this.switches.lift(mailboxId);
  }
}
