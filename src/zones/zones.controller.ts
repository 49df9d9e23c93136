import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ZonesService } from './zones.service.js';

@ApiTags('Brands')
@Controller('api/v1/resellers/:resellerId/brands/:brandId/zone-file')
export class ZonesController {
  constructor(private readonly zones: ZonesService) {}

  @Get()
  @Allow('zones:read')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Replies(200)
  read(@Param('brandId', Id) brandId: string): Promise<string> {
    return this.zones.text(brandId);
  }
}
