import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../platform/access/allow.decorator.js';
import { ApiDocs } from './api-docs.js';

@ApiExcludeController()
@Controller('api/docs')
export class ApiDocsController {
  constructor(private readonly docs: ApiDocs) {}

  @Get()
  @Public('the description of the API holds nobody’s data')
  read(): unknown {
    return this.docs.document;
  }
}
