import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

/** The API's description, once the application has been put together. */
@Injectable()
export class ApiDocs {
  document: OpenAPIObject | null = null;
}
