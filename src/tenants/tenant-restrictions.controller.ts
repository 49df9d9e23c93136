import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { Restrict, RestrictionCause, RestrictionList } from './restrictions.schemas.js';
import { TenantRestrictionsService } from './tenant-restrictions.service.js';

/** Every answer lists what is in force afterwards. */
@ApiTags('Tenants')
@Controller('api/v1/resellers/:resellerId/tenants/:tenantId/restrictions')
export class TenantRestrictionsController {
  constructor(private readonly restrictions: TenantRestrictionsService) {}

  @Get()
  @Allow('tenants:restrict')
  @Replies(200, RestrictionList)
  list(@Param('tenantId', Id) tenantId: string): Promise<RestrictionList> {
    return this.restrictions.list(tenantId);
  }

  @Put(':cause')
  @Allow('tenants:restrict')
  @Replies(200, RestrictionList)
  place(
    @Param('tenantId', Id) tenantId: string,
    @Param('cause', { schema: RestrictionCause }) cause: RestrictionCause,
    @Body({ schema: Restrict }) wish: Restrict,
  ): Promise<RestrictionList> {
    return this.restrictions.place(tenantId, cause, wish);
  }

  @Delete(':cause')
  @Allow('tenants:restrict')
  @Replies(200, RestrictionList)
  lift(
    @Param('tenantId', Id) tenantId: string,
    @Param('cause', { schema: RestrictionCause }) cause: RestrictionCause,
  ): Promise<RestrictionList> {
    return this.restrictions.lift(tenantId, cause);
  }
}
