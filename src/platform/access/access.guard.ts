import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { refuse } from '../http/http.errors.js';
import type { Request } from 'express';
import { currentActor, currentScope, type Scope } from '../tenancy/scope.js';
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
    const { resellerId, tenantId } = context.switchToHttp().getRequest<Request>().params;
    if (!isScopeOf(currentScope(), resellerId?.toString(), tenantId?.toString()))
      throw new Error('The scope of the request is not the one its path names.');
    if (permission === undefined || !actor.permits(permission)) throw refuse.notPermitted();
    return true;
  }
}

/** The edge reads the path and so does the router; where they disagree, nothing is done. */
const isScopeOf = (scope: Scope, resellerId: string | undefined, tenantId: string | undefined): boolean => {
  if (resellerId !== undefined)
    return scope.kind === 'reseller' && scope.resellerId === resellerId.toLowerCase();
  return tenantId === undefined || (scope.kind === 'tenant' && scope.tenantId === tenantId.toLowerCase());
};
