import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RouteAudit } from '../../src/platform/access/route-audit.js';
import { type Rooms, startRooms } from './harness.js';
import { startWeb, type Web } from './web.js';

interface Operation {
  readonly operationId?: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security?: readonly object[];
}
type Content = Readonly<Record<string, { readonly schema: object }>>;

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Writes that say everything in their path. */
const WITHOUT_BODY = /\/(check|close|reopen|restore)$/;

let rooms: Rooms;
let web: Web;
let text: string;
let document: Document;
let operations: { method: string; path: string; operation: Operation }[];

beforeAll(async () => {
  rooms = await startRooms();
  web = await startWeb(rooms);
  const answer = await web.ask('get', '/api/docs');
  document = answer.body as Document;
  text = JSON.stringify(document, null, 2);
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  );
});
afterAll(async () => {
  await web?.stop();
  await rooms?.stop();
});

/** Names of the operations for which something does not hold. */
const whereNot = (holds: (one: (typeof operations)[number]) => boolean): string[] =>
  operations.filter((one) => !holds(one)).map(({ method, path }) => `${method} ${path}`);

describe('the description of the API', () => {
  it('is the one on record: a change of the API shows here', async () => {
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/openapi.golden.json');
  });

  it('is OpenAPI 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.stringMatching(/./), version: '1' });
    const references = [...text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(
      ([, name = '']) => name,
    );
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  it('has every route of the router but itself, and no other', () => {
    const routes = web.application.get(RouteAudit, { strict: false }).routes();
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const routed = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(routed.filter((route) => route !== 'GET /api/docs').toSorted());
  });

  it('names each operation once, in words that outlive a renumbering', () => {
    const names = operations.map(({ operation }) => operation.operationId ?? '');
    expect(names.filter((name) => !/^[a-z]\w+\.[a-z]\w*$/.test(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('declares exactly the ids that a path holds', () => {
    const wrong = whereNot(({ path, operation }) => {
      const held = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((one) => one.in === 'path' && one.required);
      return JSON.stringify(declared.map(({ name }) => name)) === JSON.stringify(held);
    });
    expect(wrong).toEqual([]);
  });

  it('gives the shape of every request body', () => {
    const wrong = whereNot(({ method, path, operation }) => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (['get', 'delete'].includes(method) || WITHOUT_BODY.test(path)) return schema === undefined;
      return schema !== undefined && ('properties' in schema || 'oneOf' in schema);
    });
    expect(wrong).toEqual([]);
  });

  it('gives the shape of every answer, unless it has no body', () => {
    const wrong = whereNot(({ operation }) => {
      const [status = '', answer] =
        Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
      const schemas = Object.values(answer?.content ?? {}).map(({ schema }) => Object.keys(schema).length);
      return status === '204' ? schemas.length === 0 : schemas.length === 1 && schemas[0] !== 0;
    });
    expect(wrong).toEqual([]);
  });

  it('says of every route that it may answer with a problem', () => {
    const wrong = whereNot(({ operation }) =>
      ['4XX', '5XX'].every((code) =>
        JSON.stringify(operation.responses[code]?.content)?.includes('#/components/schemas/Problem'),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('asks for a credential everywhere but where one is got', () => {
    expect(whereNot(({ operation }) => (operation.security ?? []).length > 0)).toEqual([
      'post /api/v1/sessions',
    ]);
  });

  it('lets every write be made safe to repeat', () => {
    const wrong = whereNot(({ method, operation }) => {
      const offers = operation.parameters.some(
        (one) => one.in === 'header' && one.name === 'Idempotency-Key',
      );
      return offers === (method !== 'get');
    });
    expect(wrong).toEqual([]);
  });
});
