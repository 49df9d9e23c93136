import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { TenantView } from '../tenants/tenants.schemas.js';
import { OpenTenantWithSeats } from './seats.schemas.js';
import { TenantOpeningService } from './tenant-opening.service.js';

@ApiTags('Tenants')
@Controller('api/v1/resellers/:resellerId/tenants')
export class TenantOpeningController {
  constructor(private readonly opening: TenantOpeningService) {}

  @Post()
  @Allow('tenants:create')
  @Replies(201, TenantView)
  open(@Body({ schema: OpenTenantWithSeats }) wish: OpenTenantWithSeats): Promise<TenantView> {
    return this.opening.open(wish);
  }
}
