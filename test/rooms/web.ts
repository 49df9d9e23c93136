import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import supertest from 'supertest';
import { ApiDocs } from '../../src/api-docs/api-docs.js';
import { ApiDocsModule } from '../../src/api-docs/api-docs.module.js';
import { describeApi } from '../../src/api-docs/describe-api.js';
import { AppModule } from '../../src/app.module.js';
import { createHttpApplication } from '../../src/platform/http/http-application.js';
import type { Rooms } from './harness.js';

/** The web process as it is, on the database of the rooms and a free port. */
export interface Web {
  readonly application: NestExpressApplication;
  readonly port: number;
  /** A request to a path on the operator's host. */
  ask(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): supertest.Test;
  stop(): Promise<void>;
}

/** `surfaces` are modules with routes that only the suite needs. */
export const startWeb = async (rooms: Rooms, ...surfaces: readonly Type[]): Promise<Web> => {
  const house = AppModule.with(rooms.configuration, ApiDocsModule, ...surfaces);
  const application = await createHttpApplication(house, rooms.configuration);
  await application.init();
  application.get(ApiDocs, { strict: false }).document = describeApi(application);
  await application.listen(0, '127.0.0.1');
  const { port } = application.getHttpServer().address() as AddressInfo;
  const agent = supertest(`http://127.0.0.1:${port}`);
  return {
    application,
    port,
    ask: (method, path) => agent[method](path).set('host', rooms.configuration.OPERATOR_HOST),
    stop: () => application.close(),
  };
};
