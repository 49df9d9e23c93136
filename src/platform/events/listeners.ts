import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { declaredEvents } from './event.js';
import { LISTENS, type Listening } from './on.decorator.js';

export interface Listener {
  /** `Class.method`, stable: it names the delivery in the inbox. */
  readonly name: string;
  readonly eventName: string;
  readonly as: Listening['as'];
  readonly react: (payload: unknown) => Promise<void>;
}

type Methods = Record<string, ((payload: unknown) => Promise<void>) | undefined>;

/** Every reaction of the application. It does not start when a declared event has none. */
@Injectable()
export class Listeners implements OnApplicationBootstrap {
  private readonly byName = new Map<string, Listener>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      this.collect(instance as Methods);
    }
    const heard = new Set([...this.byName.values()].map((listener) => listener.eventName));
    const unheard = declaredEvents().filter((type) => !heard.has(type.name));
    if (unheard.length > 0)
      throw new Error(`Nothing listens to ${unheard.map((type) => type.name).join(', ')}.`);
  }

  find(name: string): Listener | null {
    return this.byName.get(name) ?? null;
  }

  namesFor(eventName: string): string[] {
    return [...this.byName.values()]
      .filter((listener) => listener.eventName === eventName)
      .map((listener) => listener.name);
  }

  private collect(instance: Methods): void {
    const prototype = Object.getPrototypeOf(instance) as Methods;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const handler = prototype[method];
      const listening = handler && this.reflector.get<Listening | undefined>(LISTENS, handler);
      if (!handler || !listening) continue;
      for (const type of listening.events) {
        const name = `${instance.constructor.name}.${method}`;
        if (this.byName.has(name)) throw new Error(`Two listeners are called ${name}.`);
        this.byName.set(name, {
          name,
          eventName: type.name,
          as: listening.as,
          react: handler.bind(instance),
        });
      }
    }
  }
}
