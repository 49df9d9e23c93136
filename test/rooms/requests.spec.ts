import { request as httpRequest } from 'node:http';
import { Controller, Get, HttpException, Module, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiKeysService } from '../../src/api-keys/api-keys.service.js';
import { Allow, Public } from '../../src/platform/access/allow.decorator.js';
import { TenantDb } from '../../src/platform/database/tenant-db.js';
import { Log, setLogLevel } from '../../src/platform/logging/log.js';
import { metrics } from '../../src/platform/operations/operations-server.js';
import { ResellersService } from '../../src/resellers/resellers.service.js';
import { type Rooms, startRooms } from './harness.js';
import { startWeb, type Web } from './web.js';

const CANARY = 'canary-5f1d';

/** Holds a request open until the suite lets it go. */
const gate = { entered: () => {}, opened: Promise.resolve() };

@ApiExcludeController()
@Controller('api/v1')
class TroubleController {
  constructor(private readonly db: TenantDb) {}

  @Get('trouble/:kind')
  @Public('a suite asks for trouble')
  async trouble(@Param('kind') kind: string): Promise<string> {
    if (kind === 'slow') {
      gate.entered();
      await gate.opened;
      return 'done';
    }
    if (kind === 'text') throw `the word ${CANARY}`;
    if (kind === 'nothing') throw undefined;
    if (kind === 'teapot') throw new HttpException(CANARY, 418);
    if (kind === 'bad-gateway') throw new HttpException(CANARY, 502);
    if (kind === 'row') await this.db.transaction((db) => db.query('select $1::uuid', [CANARY]));
    throw new Error(`fault with ${CANARY}`);
  }

  @Post('resellers/:resellerId/trouble')
  @Allow('resellers:change')
  said(): { well: boolean } {
    new Log('Trouble').log('In the middle of it');
    return { well: true };
  }
}

@Module({ controllers: [TroubleController] })
class TroubleModule {}

type Line = Readonly<Record<string, unknown>>;

let rooms: Rooms;
let web: Web;
let resellerId: string;
let key: string;
let output: string;

const lines = (): Line[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** The line of a request is written once its connection has nothing more to send, a turn after the answer is read. */
const answered = (): Promise<Line> =>
  vi.waitFor(() => {
    const line = lines().find((one) => one['context'] === 'Requests');
    expect(line).toBeDefined();
    return line as Line;
  });

beforeAll(async () => {
  rooms = await startRooms();
  web = await startWeb(rooms, TroubleModule);
  const operator = { kind: 'operator' } as const;
  ({ id: resellerId } = await rooms.as(operator, () =>
    rooms.get(ResellersService).create({ name: 'Fjord' }),
  ));
  ({ key } = await rooms.as(operator, () => rooms.get(ApiKeysService).create({ name: 'tests' })));
});
afterAll(async () => {
  await web?.stop();
  await rooms?.stop();
});

beforeEach(() => {
  output = '';
  setLogLevel('log');
  metrics.resetMetrics();
  const write = (text: string | Uint8Array): boolean => {
    output += text.toString();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
});
afterEach(() => {
  vi.restoreAllMocks();
  setLogLevel('error');
});

describe('a request that cannot be done', () => {
  it.each(['fault', 'text', 'nothing', 'bad-gateway', 'row'])(
    'is answered with a problem that says nothing of a %s, and is logged without its values',
    async (kind) => {
      const answer = await web.ask('get', `/api/v1/trouble/${kind}`);
      expect(answer.status).toBe(500);
      expect(answer.type).toBe('application/problem+json');
      expect(JSON.parse(answer.text)).toEqual({
        type: 'about:blank',
        title: 'Something went wrong',
        status: 500,
        code: 'request.failed',
        detail: 'Something went wrong on our side. Please try again in a moment.',
      });
      const error = lines().find((line) => line['level'] === 'error');
      expect(error).toMatchObject({ requestId: answer.headers['x-request-id'] });
      if (kind === 'row') expect(output).not.toContain(CANARY);
    },
  );

  it('keeps the status of another’s refusal, and none of its words', async () => {
    const answer = await web.ask('get', '/api/v1/trouble/teapot');
    expect(answer.status).toBe(418);
    expect(answer.text).not.toContain(CANARY);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 418, code: 'request.refused' });
  });

  it('gives 413 when the body is larger than a request may be', async () => {
    const answer = await web.ask('post', '/api/v1/sessions').send({ signInName: 'x'.repeat(1_100_000) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'request.too-large' });
  });

  it('gives 400 when the body is not JSON, and repeats nothing of it', async () => {
    const answer = await web
      .ask('post', '/api/v1/sessions')
      .set('content-type', 'application/json')
      .send(`{"password": "${CANARY}`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'request.refused' });
    expect(answer.text + output).not.toContain(CANARY);
  });

  it('gives 404 for a route that does not exist', async () => {
    const answer = await web.ask('get', '/api/v1/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.type).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'request.not-found' });
  });

  it('gives 421 on a host that is nobody’s', async () => {
    const answer = await web.ask('get', '/api/v1/me').set('host', 'stranger.example');
    expect(answer.status).toBe(421);
    expect(await answered()).toMatchObject({ status: 421, route: 'unrouted' });
  });

  it('logs a fault at the edge, before any route is known', async () => {
    vi.spyOn(TenantDb.prototype, 'transaction').mockRejectedValue(new Error('away'));
    const { Doors } = await import('../../src/platform/database/doors.js');
    vi.spyOn(Doors.prototype, 'askOne').mockRejectedValue(new Error('the database is away'));
    const answer = await web.ask('get', '/api/v1/me').set('authorization', `Bearer ${key}`);
    expect(answer.status).toBe(500);
    const error = lines().find((line) => line['level'] === 'error');
    expect(error).toMatchObject({ message: 'A request failed', error: { message: 'the database is away' } });
  });
});

describe('the line of a request', () => {
  it('names the pattern of the route, whose it was, and how long it took; never the path or the query', async () => {
    const path = `/api/v1/resellers/${resellerId}/brands`;
    const answer = await web.ask('get', `${path}?limit=7`).set('authorization', `Bearer ${key}`);
    expect(answer.status).toBe(200);
    const line = await answered();
    expect(line).toMatchObject({
      method: 'GET',
      route: '/api/v1/resellers/:resellerId/brands',
      status: 200,
      requestId: answer.headers['x-request-id'],
      resellerId,
    });
    expect(line['durationMs']).toBeGreaterThan(0);
    expect(output).not.toContain('limit=7');
    expect(output).not.toContain(path);
    expect(output).not.toContain(key);
  });

  it('is written for what is refused, not found and not readable', async () => {
    const tries = [
      [
        web.ask('post', `/api/v1/resellers/${resellerId}/trouble`),
        401,
        '/api/v1/resellers/:resellerId/trouble',
      ],
      [web.ask('get', '/api/v1/nowhere'), 404, 'unrouted'],
      [
        web.ask('post', '/api/v1/sessions').set('content-type', 'application/json').send('{'),
        400,
        'unrouted',
      ],
      [web.ask('get', '/api/v1/me').set('authorization', 'Bearer wrong'), 401, 'unrouted'],
    ] as const;
    for (const [asked, status, route] of tries) {
      output = '';
      const answer = await asked;
      expect(await answered()).toMatchObject({ status, route, requestId: answer.headers['x-request-id'] });
    }
  });

  it('has the same request id as what is logged in the middle of it, also after a body was read', async () => {
    const asked = web
      .ask('post', `/api/v1/resellers/${resellerId}/trouble`)
      .set('authorization', `Bearer ${key}`);
    const answer = await asked.send({ some: 'body' });
    expect(answer.status).toBe(201);
    const middle = lines().find((line) => line['message'] === 'In the middle of it');
    expect(middle).toMatchObject({ requestId: answer.headers['x-request-id'], resellerId });
  });

  it('says 499 when the caller left before the answer', async () => {
    const { entered, letGo } = closedGate();
    const asked = httpRequest({
      port: web.port,
      path: '/api/v1/trouble/slow',
      headers: { host: operatorHost() },
    });
    asked.on('error', () => undefined).end();
    await entered;
    asked.destroy();
    expect(await answered()).toMatchObject({ status: 499, route: '/api/v1/trouble/:kind' });
    letGo();
  });
});

describe('the measure of requests', () => {
  it('is labelled with method, pattern and status, and with nothing else', async () => {
    await web.ask('get', `/api/v1/resellers/${resellerId}`).set('authorization', `Bearer ${key}`);
    await answered();
    const text = await metrics.metrics();
    expect(text).toContain(
      'livery_http_request_duration_seconds_count{method="GET",route="/api/v1/resellers/:resellerId",status="200"} 1',
    );
    expect(text).not.toContain(resellerId);
  });

  it('sees what is refused at the edge and what is not found', async () => {
    await web.ask('get', '/api/v1/nowhere');
    await web.ask('get', '/api/v1/me').set('host', 'stranger.example');
    await vi.waitFor(async () => {
      const text = await metrics.metrics();
      for (const status of [404, 421])
        expect(text).toContain(`_count{method="GET",route="unrouted",status="${status}"} 1`);
    });
  });
});

describe('closing the web process', () => {
  it('lets a request under way finish, and takes no new one', async () => {
    const other = await startWeb(rooms, TroubleModule);
    const { entered, letGo } = closedGate();
    const underWay = other.ask('get', '/api/v1/trouble/slow').then((answer) => answer.status);
    await entered;
    const closing = other.stop();
    await expect(other.ask('get', '/api/docs')).rejects.toThrow('ECONNREFUSED');
    letGo();
    expect(await underWay).toBe(200);
    await closing;
  });
});

const operatorHost = (): string => rooms.configuration.OPERATOR_HOST;

const closedGate = (): { entered: Promise<void>; letGo: () => void } => {
  let letGo = (): void => {};
  gate.opened = new Promise((resolve) => (letGo = resolve));
  const entered = new Promise<void>((resolve) => (gate.entered = resolve));
  return { entered, letGo };
};
