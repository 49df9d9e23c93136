import { Injectable, type OnApplicationBootstrap, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PERMISSION, PUBLIC } from './allow.decorator.js';

/** A route as the router knows it. `access` is the permission, or "public: reason". */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly access: string;
}

type Handler = (...given: unknown[]) => unknown;

/** Reads every route from the controllers. The application does not start when one says nothing of who may call it. */
@Injectable()
export class RouteAudit implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    const open = this.routes().filter((route) => route.access === '');
    if (open.length === 0) return;
    const names = open.map((route) => `${route.method} ${route.path}`).join(', ');
    throw new Error(`These routes do not say who may call them; add @Allow or @Public: ${names}`);
  }

  /** In the order of their paths. */
  routes(): Route[] {
    return this.discovery
      .getControllers()
      .flatMap(({ instance, metatype }) => {
        const prototype = Object.getPrototypeOf(instance) as Record<string, Handler>;
        const bases = metatype ? [this.reflector.get<string | string[]>(PATH_METADATA, metatype)].flat() : [];
        const methods = this.scanner.getAllMethodNames(prototype);
        return bases.flatMap((base) => methods.flatMap((name) => this.route(base, prototype[name])));
      })
      .toSorted((one, other) => `${one.path} ${one.method}`.localeCompare(`${other.path} ${other.method}`));
  }

  private route(base: string, handler: Handler | undefined): Route[] {
    if (!handler) return [];
    const method = this.reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
    if (method === undefined) return [];
    const path = [base, this.reflector.get<string>(PATH_METADATA, handler)].join('/').replaceAll(/\/+/g, '/');
    const reason = this.reflector.get<string | undefined>(PUBLIC, handler);
    const access =
      this.reflector.get<string | undefined>(PERMISSION, handler) ?? (reason ? `public: ${reason}` : '');
    return [
      {
        method: RequestMethod[method] ?? '',
        path: `/${path}`.replace(/^\/+/, '/').replace(/(.)\/$/, '$1'),
        access,
      },
    ];
  }
}
