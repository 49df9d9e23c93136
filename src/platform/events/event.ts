import type { z } from 'zod';

/** Something that happened: `noun.verbed`, and the shape of what is told about it. Never a secret: it is stored. */
export interface EventType<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
}

export type PayloadOf<Type> = Type extends EventType<infer Payload> ? Payload : never;

const declared = new Map<string, EventType<unknown>>();

/** Declared once, by the feature that causes it. */
export const event = <Payload>(name: string, payload: z.ZodType<Payload>): EventType<Payload> => {
  if (declared.has(name)) throw new Error(`The event ${name} is declared twice.`);
  const type = { name, payload };
  declared.set(name, type);
  return type;
};

export const declaredEvents = (): readonly EventType<unknown>[] => [...declared.values()];
