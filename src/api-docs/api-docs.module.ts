import { Module } from '@nestjs/common';
import { ApiDocs } from './api-docs.js';
import { ApiDocsController } from './api-docs.controller.js';

@Module({ controllers: [ApiDocsController], providers: [ApiDocs], exports: [ApiDocs] })
export class ApiDocsModule {}
