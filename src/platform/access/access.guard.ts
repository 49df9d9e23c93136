import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuse } from '../http/http.errors.js';
import { currentActor } from '../tenancy/scope.js';
import { NOBODY } from '../tenancy/caller.js';
import { PERMISSION, PUBLIC, type Permission } from './allow.decorator.js';

/** Denies by default: a route without a permission, and without a reason to be public, is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    if (this.reflector.get<string>(PUBLIC, handler) !== undefined) return true;
    const permission = this.reflector.get<Permission>(PERMISSION, handler);
    const actor = currentActor();
    if (actor === NOBODY) throw refuse.notSignedIn();
    if (permission === undefined || !actor.permits(permission)) throw refuse.notPermitted();
    return true;
  }
}
