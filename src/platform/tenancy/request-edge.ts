import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Doors } from '../database/doors.js';
import { refuse } from '../http/http.errors.js';
import { noteScope } from '../http/request-log.js';
import { currentRequestId } from '../logging/request-id.js';
import { type Caller, Callers, type House, NOBODY } from './caller.js';
import { Houses } from './houses.js';
import { type Actor, enterScope, type Scope } from './scope.js';

/**
 * The edge of every request: host → house → caller → scope. The path names what a request is about
 * (`/resellers/<id>`, `/tenants/<id>`), and the scope is entered for exactly that. A scope that is none of the
 * caller's is answered like one that does not exist.
 */
@Injectable()
export class RequestEdge implements NestMiddleware {
  constructor(
    private readonly houses: Houses,
    private readonly callers: Callers,
    private readonly doors: Doors,
  ) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const house = await this.houses.find(request.headers.host);
    if (!house) throw refuse.unknownHost();
    const caller = await this.callers.identify(request, house);
    const { scope, actor } = caller ? await this.scopeOf(pathOf(request), caller) : visitor(house);
    noteScope(response, scope);
    enterScope(scope, { actor, cause: `http ${currentRequestId() ?? ''}` }, () => next());
  }

  private async scopeOf(path: string, caller: Caller): Promise<{ scope: Scope; actor: Actor }> {
    const scope = (await this.named(path)) ?? caller.home;
    const permits = caller.permitsIn(scope);
    if (!permits) throw refuse.notFound();
    return { scope, actor: { kind: caller.kind, id: caller.id, permits } };
  }

  /** The scope that a path names, or null when it names none. */
  private async named(path: string): Promise<Scope | null> {
    const [, kind, id = ''] = /^\/api\/v1\/(resellers|tenants)\/([^/]+)/i.exec(path) ?? [];
    if (kind === undefined) return null;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw refuse.notFound();
    if (kind.toLowerCase() === 'resellers') return { kind: 'reseller', resellerId: id.toLowerCase() };
    const row = await this.doors.askOne<{ tenant: string | null }>('tenant', id);
    if (!row?.tenant) throw refuse.notFound();
    return { kind: 'tenant', resellerId: row.tenant, tenantId: id.toLowerCase() };
  }
}

/** Whole, whatever the middleware was mounted on: Express takes the mount point off `path`. */
const pathOf = (request: Request): string => `${request.baseUrl}${request.path}`;

/** Whoever has not said who they are stands in the house they came to, and may call its public routes. */
const visitor = (house: House): { scope: Scope; actor: Actor } => ({
  scope:
    house.kind === 'operator' ? { kind: 'operator' } : { kind: 'reseller', resellerId: house.resellerId },
  actor: NOBODY,
});
