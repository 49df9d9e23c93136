import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Listener } from '../ports.js';

type PortState = 'free' | 'taken' | 'no-such-address' | 'forbidden';

export interface UnusableListener extends Listener {
  readonly state: Exclude<PortState, 'free'>;
}

const stateOf: Readonly<Record<string, UnusableListener['state']>> = {
  EADDRINUSE: 'taken',
  EADDRNOTAVAIL: 'no-such-address',
  EACCES: 'forbidden',
};

/** Which of the ports cannot be listened on, found out by listening on each for a moment. */
export async function listUnusable(listeners: readonly Listener[]): Promise<readonly UnusableListener[]> {
  const states = await Promise.all(
    listeners.map(async (listener) => {
      const tcp = await tryTcp(listener);
      return tcp === 'free' && listener.what.includes('DNS') ? tryUdp(listener) : tcp;
    }),
  );
  return listeners.flatMap((listener, index) => {
    const state = states[index];
    return state === undefined || state === 'free' ? [] : [{ ...listener, state }];
  });
}

export function sayUnusable({ address, port, what, state }: UnusableListener): string {
  const place = `Port ${port} on ${address} (${what})`;
  const isSandbox = port < 1024;
  const choice = isSandbox
    ? 'choose another address with LIVERY_SANDBOX_ADDRESS, for example 127.87.9.1'
    : 'choose other ports with LIVERY_PORT_BASE, for example 23000';
  switch (state) {
    case 'taken':
      return `${place} is taken: end the program that uses it, or ${choice}.`;
    case 'no-such-address':
      return `${place} cannot be used, because this machine has no such address: ${choice}.`;
    case 'forbidden':
      return `${place} may only be used by root: run this as root.`;
  }
}

function tryTcp({ address, port }: Listener): Promise<PortState> {
  const server = createServer();
  return outcome((settle) => {
    server.once('error', settle);
    server.listen(port, address, () => server.close(() => settle(null)));
  });
}

function tryUdp({ address, port }: Listener): Promise<PortState> {
  const socket = createSocket('udp4');
  return outcome((settle) => {
    socket.once('error', settle);
    socket.bind(port, address, () => socket.close(() => settle(null)));
  });
}

function outcome(attempt: (settle: (error: Error | null) => void) => void): Promise<PortState> {
  return new Promise((resolve, reject) => {
    attempt((error) => {
      const state = error === null ? 'free' : stateOf[(error as NodeJS.ErrnoException).code ?? ''];
      if (state === undefined) reject(error as Error);
      else resolve(state);
    });
  });
}
