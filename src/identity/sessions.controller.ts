import { Body, Controller, Delete, Get, Headers, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Allow, Public } from '../platform/access/allow.decorator.js';
import { OutsideTransaction } from '../platform/repetition/outside-transaction.decorator.js';
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
  // All visitors are one actor here: an Idempotency-Key of one must not meet another's.
  @OutsideTransaction()
  @Public('signing in is how one gets a credential')
  @Replies(201, SessionView)
  async signIn(@Req() request: Request, @Body({ schema: SignIn }) wish: SignIn): Promise<SessionView> {
    // Passport reads the request itself: what it finds there has been checked.
    return this.sessions.open(await this.strategies.password(Object.assign(request, { body: wish })));
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
