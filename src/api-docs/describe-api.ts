import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from '../platform/http/problem.schema.js';

type Item = OpenAPIObject['paths'][string];
type Operation = NonNullable<Item['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes the repetition of this request safe for 24 hours.',
  schema: { type: 'string', pattern: '^[\\w.-]{1,128}$' },
};

/** The description of the API, made from the schemas that check it. OpenAPI 3.1. */
export const describeApi = (application: INestApplication): OpenAPIObject => {
  const frame = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Mail hosting API')
    .setDescription(
      'Resellers, tenants, domains, mailboxes. Errors are problems (RFC 9457). Send an Idempotency-Key with a write ' +
        'to make its repetition safe for 24 hours.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, or the token of a session.' })
    .build();
  const document = SwaggerModule.createDocument(application, frame);
  delete document.info.contact;
  document.components = { ...document.components, schemas: { Problem: problemSchema() } };
  for (const [path, item] of Object.entries(document.paths))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(path, method, operation);
    }
  return document;
};

const problemSchema = (): never => {
  const { $schema: _, ...schema } = z.toJSONSchema(Problem);
  return schema as never;
};

/** Adds what no decorator says: the ids in the path that only the edge reads, the key of a write, a name to call it by. */
const complete = (path: string, method: (typeof METHODS)[number], operation: Operation): void => {
  const told = (operation.parameters ?? []).filter((one) => !('in' in one && one.in === 'path'));
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => inPath(name, operation));
  operation.parameters = [...ids, ...told, ...(method === 'get' ? [] : [IDEMPOTENCY_KEY])];
  operation.operationId = operationName(path, operation.operationId ?? '');
};

const inPath = (name: string, operation: Operation): Parameter => {
  const told = operation.parameters?.find((one) => 'in' in one && one.in === 'path' && one.name === name);
  if (!name.endsWith('Id')) return told ?? { name, in: 'path', required: true, schema: { type: 'string' } };
  return { name, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
};

/**
 * `mailboxes.open`; for a noun that stands at several levels also the level: `tenantPeople.list`. Stable, since
 * programs are generated from it: it follows the names of controller and method, and the path.
 */
const operationName = (path: string, given: string): string => {
  const [, noun = '', verb = '', isRepeated] = /^(\w+)Controller_(\w+?)(\[\d+\])?$/.exec(given) ?? [];
  const [, level] = /^\/api\/v1\/(reseller|tenant)s\/\{/.exec(path) ?? [];
  const name = isRepeated !== undefined && level !== undefined ? `${level}${noun}` : noun;
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.${verb}`;
};
