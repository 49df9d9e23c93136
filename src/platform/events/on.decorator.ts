import { SetMetadata } from '@nestjs/common';
import type { EventType } from './event.js';

export const LISTENS = 'listens';

export interface Listening {
  readonly events: readonly EventType<never>[];
  /** Whose scope the reaction runs in: the event's own, or that of the reseller above it. */
  readonly as: 'itself' | 'reseller';
}

/**
 * Marks a method as a reaction. It runs in the scope of the event's row, in one transaction with the note that it ran,
 * so that it takes effect once however often the event is delivered. What it does outside the database must be safe
 * to repeat.
 */
export const On =
  <Payload>(type: EventType<Payload>, as: Listening['as'] = 'itself') =>
  (
    target: object,
    name: string | symbol,
    method: TypedPropertyDescriptor<(payload: Payload) => Promise<void>>,
  ): void =>
    void SetMetadata(LISTENS, { events: [type], as })(target, name, method as PropertyDescriptor);
