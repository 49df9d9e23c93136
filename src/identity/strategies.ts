import { callbackify } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Callers, type Caller, type House } from '../platform/tenancy/caller.js';
import { refuse } from '../platform/http/http.errors.js';
import { BearerLookup } from './bearer-lookup.js';
import type { SigningIn } from '../people/people.service.js';
import { SessionsService } from './sessions.service.js';

type Verified<User> = (fault: unknown, user?: User | false) => void;

/** Passport, with a strategy per way of saying who one is. Sessions are ours: rows that can be ended. */
@Injectable()
export class Strategies extends Callers {
  private readonly passport = new passport.Passport();

  constructor(
    sessions: SessionsService,
    private readonly bearers: BearerLookup,
  ) {
    super();
    this.passport.use(
      'password',
      new LocalStrategy(
        { usernameField: 'signInName', session: false, passReqToCallback: true },
        callbackify((request: Request, name: string, password: string) =>
          sessions.verify(name.trim().toLowerCase(), password, request.ip ?? ''),
        ),
      ),
    );
    this.passport.use('bearer', new BearerStrategy(this.bearers));
  }

  async identify(request: Request, house: House): Promise<Caller | null> {
    if (request.headers.authorization === undefined) return null;
    const caller = await this.authenticate<Caller>('bearer', request);
    if (!caller || !belongs(caller, house)) throw refuse.notSignedIn();
    return caller;
  }

  /** The person whose name and password the request carries; throws a refusal otherwise. */
  async password(request: Request): Promise<SigningIn> {
    const person = await this.authenticate<SigningIn>('password', request);
    if (!person) throw refuse.notSignedIn();
    return person;
  }

  private authenticate<User>(strategy: string, request: Request): Promise<User | null> {
    return new Promise((resolve, reject) => {
      const answer: Verified<User> = (fault, user) =>
        fault ? reject(fault as Error) : resolve(user || null);
      const middleware = this.passport.authenticate(strategy, { session: false }, answer) as (
        request: Request,
        response: unknown,
        next: (fault?: unknown) => void,
      ) => void;
      middleware(request, {}, (fault) => reject(fault as Error));
    });
  }
}

/** `Authorization: Bearer <token>` (RFC 6750 §2.1): a program's key or a session. */
class BearerStrategy extends passport.Strategy {
  constructor(private readonly bearers: BearerLookup) {
    super();
  }

  override authenticate(request: Request): void {
    const [, token] = /^Bearer ([\w.~+/-]{1,512})$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) return this.fail(401);
    this.bearers.find(token).then(
      (caller) => (caller ? this.success(caller) : this.fail(401)),
      (fault: Error) => this.error(fault),
    );
  }
}

/** A house admits its own: the operator's callers on the operator's host, a reseller's on the hosts of its brands. */
const belongs = (caller: Caller, house: House): boolean => {
  if (house.kind === 'operator') return caller.home.kind === 'operator';
  return caller.home.kind !== 'operator' && caller.home.resellerId === house.resellerId;
};
