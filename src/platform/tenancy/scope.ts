import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';

/** Whose rows a piece of work may see. The database holds one role and one set of row policies per kind. */
export type Scope =
  | { readonly kind: 'tenant'; readonly resellerId: string; readonly tenantId: string }
  | { readonly kind: 'reseller'; readonly resellerId: string }
  | { readonly kind: 'operator' };

export type TenantScope = Extract<Scope, { kind: 'tenant' }>;

/** The ids of a scope as its rows carry them. */
export const idColumnsOf = (scope: Scope): { resellerId: string | null; tenantId: string | null } => ({
  resellerId: scope.kind === 'operator' ? null : scope.resellerId,
  tenantId: scope.kind === 'tenant' ? scope.tenantId : null,
});

/** The scope that a row's ids name. */
export const scopeOfIds = (resellerId: string | null, tenantId: string | null): Scope => {
  if (resellerId === null) return { kind: 'operator' };
  if (tenantId === null) return { kind: 'reseller', resellerId };
  return { kind: 'tenant', resellerId, tenantId };
};

/** Who asked: a person, a program's key, or the platform itself. Written to the ledger and the log. */
export interface Actor {
  readonly kind: 'person' | 'api-key' | 'platform';
  readonly id: string;
  readonly permits: (permission: string) => boolean;
}

/** What the platform does by itself: listeners, sweeps and the operator's command line. */
export const PLATFORM: Actor = { kind: 'platform', id: 'platform', permits: () => true };

/** How work was entered; `cause` is for the log: "http 7f3a", "event mailbox.opened 91", "sweep purge". */
export interface Entry {
  readonly actor: Actor;
  readonly cause: string;
}

interface Held extends Entry {
  readonly scope: Scope;
  readonly db?: EntityManager;
}

const held = new AsyncLocalStorage<Held>();

const current = (): Held => {
  const store = held.getStore();
  if (!store) throw new Error('No scope: enter one at the edge (request, listener, sweep or command).');
  return store;
};

export const currentScope = (): Scope => current().scope;
export const currentActor = (): Actor => current().actor;
export const currentCause = (): string => current().cause;
export const findScope = (): Scope | null => held.getStore()?.scope ?? null;
export const openTransaction = (): EntityManager | undefined => held.getStore()?.db;

/** Called at the edges only. Starts without a transaction, so a sweep never carries one to the next tenant. */
export const enterScope = <T>(scope: Scope, entry: Entry, work: () => T): T =>
  held.run({ scope, ...entry }, work);

export const withTransaction = <T>(db: EntityManager, work: () => T): T =>
  held.run({ ...current(), db }, work);

/** The tenant the work is for. Throws outside a tenant scope. */
export const requireTenantScope = (): TenantScope => {
  const scope = currentScope();
  if (scope.kind !== 'tenant') throw new Error(`This work needs a tenant scope, not ${scope.kind}.`);
  return scope;
};
