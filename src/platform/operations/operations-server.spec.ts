import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metrics, OperationsServer, type ReadinessCheck } from './operations-server.js';

let port: number;
let server: OperationsServer;
let readiness: Awaited<ReturnType<ReadinessCheck>> | Error;

const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
};

const ask = async (path: string): Promise<{ status: number; text: string; type: string | null }> => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
};

beforeEach(async () => {
  readiness = { ready: true };
  port = await freePort();
  server = new OperationsServer(async () => {
    if (readiness instanceof Error) throw readiness;
    return readiness;
  });
  await server.listen('127.0.0.1', port);
});
afterEach(() => server.close());

describe('the operations port', () => {
  it('says live for as long as the process turns, whatever it waits for', async () => {
    readiness = { ready: false, why: 'the database does not answer' };
    server.drain();
    expect(await ask('/live')).toMatchObject({ status: 200, text: 'live' });
  });

  it('says ready, or what is missing', async () => {
    expect(await ask('/ready')).toMatchObject({ status: 200, text: 'ready' });
    readiness = { ready: false, why: 'the database does not answer' };
    expect(await ask('/ready')).toMatchObject({ status: 503, text: 'the database does not answer' });
    readiness = { ready: true };
    expect(await ask('/ready')).toMatchObject({ status: 200 });
  });

  it('is not ready when it cannot tell', async () => {
    readiness = new Error('no idea');
    expect((await ask('/ready')).status).toBe(503);
  });

  it('is not ready any more once it drains, although all is well', async () => {
    server.drain();
    expect(await ask('/ready')).toMatchObject({ status: 503, text: 'shutting down' });
  });

  it('shows the metrics of the process as Prometheus reads them', async () => {
    const counter = new Counter({ name: 'livery_suite_total', help: 'For the suite.', registers: [metrics] });
    counter.inc(3);
    const { text, type } = await ask('/metrics');
    metrics.removeSingleMetric('livery_suite_total');
    expect(type).toContain('text/plain; version=0.0.4');
    expect(text).toContain('livery_suite_total 3');
    expect(text).toContain('livery_nodejs_eventloop_lag_seconds ');
  });

  it('shows no metrics on any other path, and says which there are', async () => {
    expect(await ask('/')).toMatchObject({ status: 404, text: 'Ask /live, /ready or /metrics.' });
  });

  it('closes although somebody keeps a connection open', async () => {
    await fetch(`http://127.0.0.1:${port}/live`, { headers: { connection: 'keep-alive' } });
    await server.close();
    await expect(ask('/live')).rejects.toThrow();
    await server.listen('127.0.0.1', port);
  });

  it('says so when its port is taken', async () => {
    const second = new OperationsServer(async () => ({ ready: true }));
    await expect(second.listen('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
  });
});
