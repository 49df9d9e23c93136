import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../platform/access/allow.decorator.js';
import { Replies } from '../../platform/http/replies.decorator.js';
import { Id } from '../../platform/http/validation.js';
import { Restrict, RestrictionList } from '../../tenants/restrictions.schemas.js';
import { DomainRestrictionsService } from './domain-restrictions.service.js';

/** Every answer lists what is in force afterwards, the provider's own restrictions among them. */
@ApiTags('Domains')
@Controller('api/v1/tenants/:tenantId/domains/:domainId/restrictions')
export class DomainRestrictionsController {
  constructor(private readonly restrictions: DomainRestrictionsService) {}

  @Get()
  @Allow('domains:read')
  @Replies(200, RestrictionList)
  list(@Param('domainId', Id) domainId: string): Promise<RestrictionList> {
    return this.restrictions.list(domainId);
  }

  @Put('owner')
  @Allow('domains:restrict')
  @Replies(200, RestrictionList)
  place(
    @Param('domainId', Id) domainId: string,
    @Body({ schema: Restrict }) wish: Restrict,
  ): Promise<RestrictionList> {
    return this.restrictions.place(domainId, 'owner', wish);
  }

  @Delete('owner')
  @Allow('domains:restrict')
  @Replies(200, RestrictionList)
  lift(@Param('domainId', Id) domainId: string): Promise<RestrictionList> {
    return this.restrictions.lift(domainId, 'owner');
  }
}
