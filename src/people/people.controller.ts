import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { AddPerson, PersonPage, PersonView } from './people.schemas.js';
import { PeopleService } from './people.service.js';

@ApiTags('People')
@Controller(['api/v1/people', 'api/v1/resellers/:resellerId/people', 'api/v1/tenants/:tenantId/people'])
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Get()
  @Allow('people:list')
  @Replies(200, PersonPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<PersonView>> {
    return this.people.list(wish);
  }

  @Post()
  @Allow('people:add')
  @Replies(201, PersonView)
  add(@Body({ schema: AddPerson }) wish: AddPerson): Promise<PersonView> {
    return this.people.add(wish);
  }
}
