import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import {
  AppPasswordPage,
  AppPasswordView,
  CreateAppPassword,
  NewAppPasswordView,
} from './app-passwords.schemas.js';
import { AppPasswordsService } from './app-passwords.service.js';

@ApiTags('App passwords')
@Controller('api/v1/tenants/:tenantId/mailboxes/:mailboxId/app-passwords')
export class AppPasswordsController {
  constructor(private readonly appPasswords: AppPasswordsService) {}

  @Get()
  @Allow('app-passwords:list')
  @Replies(200, AppPasswordPage)
  list(
    @Param('mailboxId', Id) mailboxId: string,
    @Query({ schema: PageWish }) wish: PageWish,
  ): Promise<Page<AppPasswordView>> {
    return this.appPasswords.list(mailboxId, wish);
  }

  @Post()
  @Allow('app-passwords:create')
  @Replies(201, NewAppPasswordView)
  create(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: CreateAppPassword }) wish: CreateAppPassword,
  ): Promise<NewAppPasswordView> {
    return this.appPasswords.create(mailboxId, wish);
  }

  @Delete(':appPasswordId')
  @Allow('app-passwords:revoke')
  @Replies(204)
  revoke(
    @Param('mailboxId', Id) mailboxId: string,
    @Param('appPasswordId', Id) appPasswordId: string,
  ): Promise<void> {
    return this.appPasswords.revoke(mailboxId, appPasswordId);
  }
}
