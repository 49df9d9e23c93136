import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ChangeTenant, TenantPage, TenantView } from './tenants.schemas.js';
import { TenantsService } from './tenants.service.js';

/** A reseller lists its tenants; each is then reached, by whoever may, in the tenant's own scope. */
@ApiTags('Tenants')
@Controller('api/v1')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Get('resellers/:resellerId/tenants')
  @Allow('tenants:list')
  @Replies(200, TenantPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<TenantView>> {
    return this.tenants.list(wish);
  }

  @Get('tenants/:tenantId')
  @Allow('tenants:read')
  @Replies(200, TenantView)
  read(@Param('tenantId', Id) tenantId: string): Promise<TenantView> {
    return this.tenants.require(tenantId);
  }

  @Patch('tenants/:tenantId')
  @Allow('tenants:change')
  @Replies(200, TenantView)
  change(
    @Param('tenantId', Id) tenantId: string,
    @Body({ schema: ChangeTenant }) wish: ChangeTenant,
  ): Promise<TenantView> {
    return this.tenants.change(tenantId, wish);
  }
}
