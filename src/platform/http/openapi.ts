import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

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
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(application, frame);
};
