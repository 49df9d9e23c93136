import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { makeKeyPair } from '#libs/secrets';
import pg from 'pg';
import { inject } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/platform/config/clock.js';
import {
  type ControlPlaneConfiguration,
  parseConfiguration,
} from '../../src/platform/config/configuration.js';
import { migrate, prepareServer } from '../../src/platform/database/migrator.js';
import { setLogLevel } from '../../src/platform/logging/log.js';
import { enterScope, PLATFORM, type Scope } from '../../src/platform/tenancy/scope.js';

/** The application without HTTP or queue, on a fresh database of the suite. */
export interface Rooms {
  readonly application: INestApplicationContext;
  readonly clock: MovableClock;
  readonly configuration: ControlPlaneConfiguration;
  readonly urls: {
    readonly admin: string;
    readonly app: string;
    readonly owner: string;
    readonly feed: string;
  };
  get<T>(token: Type<T> | (abstract new (...given: never[]) => T)): T;
  /** Runs in a scope as the platform, or with only the permissions named. */
  as<T>(scope: Scope, work: () => Promise<T>, permissions?: readonly string[]): Promise<T>;
  /** One statement as the administrator of the database, past row security. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export class MovableClock extends Clock {
  private aheadMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }
}

export interface Replacement {
  readonly token: unknown;
  readonly value: unknown;
}

/**
 * `replacements` stand in for ports to the outside, such as the resolver or the sender of notices; `surfaces` are what
 * a process adds to the rooms, such as the worker's module.
 */
export const startRooms = async (
  replacements: readonly Replacement[] = [],
  surfaces: readonly Type[] = [],
  redisUrl?: string,
): Promise<Rooms> => {
  setLogLevel('error');
  const adminUrl = inject('adminUrl');
  const name = `rooms_${randomBytes(6).toString('hex')}`;
  await prepareServer(adminUrl, name, { owner: 'owner', app: 'app', feed: 'feed' });
  const urls = urlsOf(adminUrl, name);
  await migrate(urls.owner);
  const configuration = configurationFor(urls.app, redisUrl);
  const clock = new MovableClock();
  let building = Test.createTestingModule({ imports: [AppModule.with(configuration, ...surfaces)] })
    .overrideProvider(Clock)
    .useValue(clock);
  for (const { token, value } of replacements) building = building.overrideProvider(token).useValue(value);
  const application = await (await building.compile()).init();
  const admin = new pg.Pool({ connectionString: urls.admin, max: 2 });
  return {
    application,
    clock,
    configuration,
    urls,
    get: (token) => application.get(token, { strict: false }),
    as: (scope, work, permissions) =>
      enterScope(
        scope,
        {
          actor: permissions
            ? { kind: 'api-key', id: 'test', permits: (permission) => permissions.includes(permission) }
            : PLATFORM,
          cause: 'test',
        },
        work,
      ),
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(text, [...values])).rows,
    stop: async () => {
      await application.close();
      await admin.end();
      await rm(configuration.ZONE_FOLDER, { recursive: true, force: true });
    },
  };
};

const urlsOf = (adminUrl: string, name: string): Rooms['urls'] => {
  const as = (login: string, password: string): string => {
    const url = new URL(adminUrl);
    url.username = login;
    url.password = password;
    url.pathname = `/${name}`;
    return url.href;
  };
  return {
    admin: as('postgres', ''),
    app: as('livery_app', 'app'),
    owner: as('livery_owner', 'owner'),
    feed: as('livery_feed', 'feed'),
  };
};

const configurationFor = (databaseUrl: string, redisUrl = 'redis://127.0.0.1:1'): ControlPlaneConfiguration =>
  parseConfiguration('control-plane', {
    LIVERY_DATABASE_URL: databaseUrl,
    LIVERY_DATABASE_CONNECTIONS: '20',
    LIVERY_REDIS_URL: redisUrl,
    LIVERY_OPERATIONS_PORT: '1',
    LIVERY_SECRET_KEY: randomBytes(32).toString('base64url'),
    LIVERY_SEALING_PUBLIC_KEY: makeKeyPair().publicKey,
    LIVERY_OPERATOR_HOST: 'operator.localhost',
    LIVERY_DNS_RESOLVERS: '127.0.0.1:1',
    LIVERY_DNS_ALLOW_PRIVATE: 'true',
    LIVERY_CLAIMABLE_SPECIAL_NAMES: 'example,localhost',
    LIVERY_MAIL_ADDRESSES: '192.0.2.10',
    LIVERY_ZONE_FOLDER: `/var/tmp/livery-zones-${randomBytes(4).toString('hex')}`,
    LIVERY_NOTICES_ADDRESS: '127.0.0.1:1',
  });
