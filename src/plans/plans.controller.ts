import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { CreatePlan, PlanContent, PlanPage, PlanView } from './plans.schemas.js';
import { PlansService } from './plans.service.js';

@ApiTags('Plans')
@Controller('api/v1/resellers/:resellerId/plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Get()
  @Allow('plans:list')
  @Replies(200, PlanPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<PlanView>> {
    return this.plans.list(wish);
  }

  @Post()
  @Allow('plans:create')
  @Replies(201, PlanView)
  create(@Body({ schema: CreatePlan }) wish: CreatePlan): Promise<PlanView> {
    return this.plans.create(wish);
  }

  @Get(':planId')
  @Allow('plans:read')
  @Replies(200, PlanView)
  read(@Param('planId', Id) planId: string): Promise<PlanView> {
    return this.plans.require(planId);
  }

  @Post(':planId/versions')
  @Allow('plans:change')
  @Replies(201, PlanView)
  addVersion(
    @Param('planId', Id) planId: string,
    @Body({ schema: PlanContent }) content: PlanContent,
  ): Promise<PlanView> {
    return this.plans.addVersion(planId, content);
  }
}
