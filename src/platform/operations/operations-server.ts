import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A process's own word on whether it can do its job; the sentence says what it waits for. */
export type ReadinessCheck = () => Promise<{ readonly ready: boolean; readonly why?: string }>;

/** All metrics of the process. Labels never hold addresses, paths, people or message ids. */
export const metrics = new Registry();

let isMeasured = false;

/** Memory, CPU and the lag of the event loop; once per process, however often asked. */
const measureProcess = (): void => {
  if (!isMeasured) collectDefaultMetrics({ register: metrics, prefix: 'livery_' });
  isMeasured = true;
};

/**
 * Answers `/live`, `/ready` and `/metrics` on a port of its own, apart from what customers reach. Live means the
 * event loop answers; ready means this process can do its own job.
 */
export class OperationsServer {
  private readonly server: Server;
  private draining = false;

  constructor(private readonly isReady: ReadinessCheck) {
    this.server = createServer((request, response) => {
      this.answer(request.url ?? '', response).catch((fault: Error) => reply(response, 503, fault.message));
    });
  }

  async listen(host: string, port: number): Promise<void> {
    measureProcess();
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
  }

  /** From now on not ready: whoever routes to this process should stop. */
  drain(): void {
    this.draining = true;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/live') return reply(response, 200, 'live');
    if (path === '/metrics') return reply(response, 200, await metrics.metrics(), metrics.contentType);
    if (path !== '/ready') return reply(response, 404, 'Ask /live, /ready or /metrics.');
    if (this.draining) return reply(response, 503, 'shutting down');
    const { ready, why } = await this.isReady();
    reply(response, ready ? 200 : 503, why ?? 'ready');
  }
}

const reply = (response: ServerResponse, status: number, text: string, type = 'text/plain'): void => {
  response.writeHead(status, { 'content-type': type }).end(text);
};
