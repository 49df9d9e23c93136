import { Controller, Delete, Get, Headers, Post, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { Allow, Public } from '../platform/access/allow.decorator.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { currentActor, currentScope } from '../platform/tenancy/scope.js';
import { MeView, SessionView, SignIn } from './identity.schemas.js';
import { SessionsService } from './sessions.service.js';
import { Strategies } from './strategies.js';

@ApiTags('Signing in')
@Controller('api/v1')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly strategies: Strategies,
  ) {}

  @Post('sessions')
  @Public('signing in is how one gets a credential')
  @ApiBody({ schema: z.toJSONSchema(SignIn) as never })
  @Replies(201, SessionView)
  async signIn(@Req() request: Request): Promise<SessionView> {
    return this.sessions.open(await this.strategies.password(request));
  }

  @Delete('sessions/current')
  @Allow('me:read')
  @Replies(204)
  async signOut(@Headers('authorization') authorization: string): Promise<void> {
    await this.sessions.end(authorization.replace(/^Bearer /i, ''));
  }

  @Get('me')
  @Allow('me:read')
  @Replies(200, MeView)
  me(): MeView {
    return { kind: currentActor().kind, id: currentActor().id, scope: currentScope() };
  }
}
