import { AsyncLocalStorage } from 'node:async_hooks';

const held = new AsyncLocalStorage<string>();

/** Of the HTTP request, or the delivery of an event, that the running work belongs to. */
export const currentRequestId = (): string | undefined => held.getStore();

export const withRequestId = <T>(requestId: string, work: () => T): T => held.run(requestId, work);
