import { Global, Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { Callers } from '../platform/tenancy/caller.js';
import { BearerLookup } from './bearer-lookup.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInLimiter } from './sign-in-limiter.js';
import { Strategies } from './strategies.js';

/** Global, because the edge of every request asks it who is calling. */
@Global()
@Module({
  imports: [PeopleModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SignInLimiter,
    BearerLookup,
    Strategies,
    { provide: Callers, useExisting: Strategies },
  ],
  exports: [Callers],
})
export class IdentityModule {}
