import { connect, type NetConnectOpts } from 'node:net';
import type { Probe } from './service-spec.js';

const PROBE_TIMEOUT_MS = 2_000;

/** Ready when the port accepts a connection and, if `greeting` is given, says something that begins with it. */
export const tcpProbe = (port: number, options: { host?: string; greeting?: string } = {}): Probe => {
  return () => converse({ host: options.host ?? '127.0.0.1', port }, '', options.greeting ?? '');
};

/** Ready when the socket file accepts a connection. */
export const unixProbe = (socketPath: string): Probe => {
  return () => converse({ path: socketPath }, '', '');
};

/** Ready when the answer to `say` begins with `expect`. */
export const answerProbe = (port: number, say: string, expect: string): Probe => {
  return () => converse({ host: '127.0.0.1', port }, say, expect);
};

/** Ready when the URL answers with a 2xx status. */
export const httpProbe = (url: string): Probe => {
  return async () => {
    const reply = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    if (!reply.ok) throw new Error(`${url} answers ${reply.status}`);
  };
};

function converse(target: NetConnectOpts, say: string, expect: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ ...target, timeout: PROBE_TIMEOUT_MS });
    const finish = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.on('connect', () => {
      if (say !== '') socket.write(say);
      if (expect === '') finish();
    });
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.length < expect.length) return;
      finish(
        heard.startsWith(expect) ? undefined : new Error(`answers ${JSON.stringify(heard.slice(0, 80))}`),
      );
    });
    socket.on('timeout', () => finish(new Error('no answer')));
    socket.on('close', () => finish(new Error('closed without an answer')));
    socket.on('error', finish);
  });
}
