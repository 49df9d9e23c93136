import { readFileSync } from 'node:fs';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ControlPlaneConfiguration } from '../config/configuration.js';
import { Log } from '../logging/log.js';
import { watchRequests } from './request-log.js';

const BODY_LIMIT = '1mb';

/** An Express application for a module, with TLS when the configuration names a certificate. */
export const createHttpApplication = async (
  module: DynamicModule,
  configuration: ControlPlaneConfiguration,
): Promise<NestExpressApplication> => {
  const { WEB_CERTIFICATE_FILE: certificateFile, WEB_KEY_FILE: keyFile } = configuration;
  const httpsOptions =
    certificateFile !== undefined && keyFile !== undefined
      ? { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
      : undefined;
  const application = await NestFactory.create<NestExpressApplication>(module, {
    logger: new Log('Application'),
    abortOnError: false,
    ...(httpsOptions && { httpsOptions }),
  });
  application.use(watchRequests);
  application.useBodyParser('json', { limit: BODY_LIMIT });
  application.set('trust proxy', configuration.WEB_TRUSTED_PROXIES);
  application.disable('x-powered-by');
  application.disable('etag');
  return application;
};
