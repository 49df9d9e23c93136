import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { Allow } from '../platform/access/allow.decorator.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { GrantSeats, SeatPoolView, SeatSummary } from './seats.schemas.js';
import { SeatsService } from './seats.service.js';

@ApiTags('Seats')
@Controller('api/v1')
export class SeatsController {
  constructor(private readonly seats: SeatsService) {}

  @Post('resellers/:resellerId/tenants/:tenantId/seats')
  @Allow('seats:grant')
  @Replies(200, SeatPoolView)
  grant(
    @Param('tenantId', Id) tenantId: string,
    @Body({ schema: GrantSeats }) wish: GrantSeats,
  ): Promise<SeatPoolView> {
    return this.seats.grant(tenantId, wish, { type: 'seats.grant', id: uuidv7() });
  }

  @Get('tenants/:tenantId/seats/summary')
  @Allow('seats:read')
  @Replies(200, SeatSummary)
  summary(): Promise<SeatSummary> {
    return this.seats.summary();
  }
}
