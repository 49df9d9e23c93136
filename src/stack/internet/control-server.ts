import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What a route may answer with; a thrown Error is told as 400. */
export type ControlRoute = (asked: URLSearchParams, body: unknown) => unknown;

const LARGEST_BODY_BYTES = 1024 * 1024;

/**
 * A few JSON routes on loopback, by `METHOD /path`. Anybody on this machine may use them, but a page in a browser may
 * not: a request must name a loopback host and, if it changes something, be JSON, which a foreign page cannot send.
 */
export async function listenControl(port: number, routes: Record<string, ControlRoute>): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, routes).then(
      (reply) => send(response, reply.status, reply.body),
      (error: unknown) => send(response, 400, { error: String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function handle(request: IncomingMessage, routes: Record<string, ControlRoute>) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (host !== '127.0.0.1' && host !== 'localhost') return { status: 403, body: { error: 'loopback only' } };
  const route = routes[`${request.method ?? ''} ${url.pathname}`];
  if (route === undefined) return { status: 404, body: { routes: Object.keys(routes) } };
  if (request.method === 'GET') return { status: 200, body: await route(url.searchParams, null) };
  if (request.headers['content-type']?.startsWith('application/json') !== true) {
    return { status: 415, body: { error: 'send JSON' } };
  }
  return { status: 200, body: await route(url.searchParams, await readJson(request)) };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return size === 0 ? null : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body ?? null, null, 2)}\n`);
}

/** Ends the server and every connection to it. */
export async function closeControl(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
