import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { AddHost, HostPage, HostView } from './hosts.schemas.js';
import { HostsService } from './hosts.service.js';

@ApiTags('Brands')
@Controller('api/v1/resellers/:resellerId/brands/:brandId/hosts')
export class HostsController {
  constructor(private readonly hosts: HostsService) {}

  @Get()
  @Allow('hosts:list')
  @Replies(200, HostPage)
  list(
    @Param('brandId', Id) brandId: string,
    @Query({ schema: PageWish }) wish: PageWish,
  ): Promise<Page<HostView>> {
    return this.hosts.list(brandId, wish);
  }

  @Post()
  @Allow('hosts:add')
  @Replies(201, HostView)
  add(@Param('brandId', Id) brandId: string, @Body({ schema: AddHost }) wish: AddHost): Promise<HostView> {
    return this.hosts.ensure(brandId, wish);
  }

  @Delete(':hostId')
  @Allow('hosts:remove')
  @Replies(204)
  remove(@Param('brandId', Id) brandId: string, @Param('hostId', Id) hostId: string): Promise<void> {
    return this.hosts.remove(brandId, hostId);
  }
}
