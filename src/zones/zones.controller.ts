import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { RepliesText } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ZonesService } from './zones.service.js';

@ApiTags('Brands')
@Controller('api/v1/resellers/:resellerId/brands/:brandId/zone-file')
export class ZonesController {
  constructor(private readonly zones: ZonesService) {}

  @Get()
  @Allow('zones:read')
  @RepliesText('The brand’s zone, as a zone file (RFC 1035 §5).')
  read(@Param('brandId', Id) brandId: string): Promise<string> {
    return this.zones.text(brandId);
  }
}
