import type { Request } from 'express';
import type { Actor, Scope } from './scope.js';

/** Whoever made a request, before it is known what the request is about. */
export interface Caller {
  readonly kind: 'person' | 'api-key';
  readonly id: string;
  /** Everything the caller may reach at most; a path may narrow it, never widen it. */
  readonly home: Scope;
  /** The caller's permissions inside a scope, or null when the scope is none of the caller's. */
  permitsIn(scope: Scope): ((permission: string) => boolean) | null;
}

/** Nobody in particular: may call public routes only. */
export const NOBODY: Actor = { kind: 'person', id: 'nobody', permits: () => false };

/** Which house a request came to: a brand's, or the operator's own. */
export type House =
  | { readonly kind: 'operator' }
  | { readonly kind: 'brand'; readonly resellerId: string; readonly brandId: string };

/** Says who makes a request. Implemented where people and keys live; the platform knows only this. */
export abstract class Callers {
  /** Null when the request carries no credential. Throws a refusal when it carries one that is not valid. */
  abstract identify(request: Request, house: House): Promise<Caller | null>;
}
