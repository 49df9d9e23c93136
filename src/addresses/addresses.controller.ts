import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { AddAddress, AddressPage, AddressView } from './addresses.schemas.js';
import { AddressesService } from './addresses.service.js';

@ApiTags('Addresses')
@Controller('api/v1/tenants/:tenantId/mailboxes/:mailboxId/addresses')
export class AddressesController {
  constructor(private readonly addresses: AddressesService) {}

  @Get()
  @Allow('addresses:list')
  @Replies(200, AddressPage)
  list(
    @Param('mailboxId', Id) mailboxId: string,
    @Query({ schema: PageWish }) wish: PageWish,
  ): Promise<Page<AddressView>> {
    return this.addresses.list(mailboxId, wish);
  }

  @Post()
  @Allow('addresses:add')
  @Replies(201, AddressView)
  add(
    @Param('mailboxId', Id) mailboxId: string,
    @Body({ schema: AddAddress }) wish: AddAddress,
  ): Promise<AddressView> {
    return this.addresses.add(mailboxId, wish);
  }

  @Delete(':addressId')
  @Allow('addresses:remove')
  @Replies(204)
  remove(
    @Param('mailboxId', Id) mailboxId: string,
    @Param('addressId', Id) addressId: string,
  ): Promise<void> {
    return this.addresses.remove(mailboxId, addressId);
  }
}
