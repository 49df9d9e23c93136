import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ChangeReseller, CreateReseller, ResellerPage, ResellerView } from './resellers.schemas.js';
import { ResellersService } from './resellers.service.js';

@ApiTags('Resellers')
@Controller('api/v1/resellers')
export class ResellersController {
  constructor(private readonly resellers: ResellersService) {}

  @Get()
  @Allow('resellers:list')
  @Replies(200, ResellerPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<ResellerView>> {
    return this.resellers.list(wish);
  }

  @Post()
  @Allow('resellers:create')
  @Replies(201, ResellerView)
  create(@Body({ schema: CreateReseller }) wish: CreateReseller): Promise<ResellerView> {
    return this.resellers.create(wish);
  }

  @Get(':resellerId')
  @Allow('resellers:read')
  @Replies(200, ResellerView)
  read(@Param('resellerId', Id) resellerId: string): Promise<ResellerView> {
    return this.resellers.require(resellerId);
  }

  @Patch(':resellerId')
  @Allow('resellers:change')
  @Replies(200, ResellerView)
  change(
    @Param('resellerId', Id) resellerId: string,
    @Body({ schema: ChangeReseller }) wish: ChangeReseller,
  ): Promise<ResellerView> {
    return this.resellers.change(resellerId, wish);
  }
}
