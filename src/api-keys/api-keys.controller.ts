import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeyPage, ApiKeyView, CreateApiKey, NewApiKeyView } from './api-keys.schemas.js';

@ApiTags('API keys')
@Controller(['api/v1/api-keys', 'api/v1/resellers/:resellerId/api-keys', 'api/v1/tenants/:tenantId/api-keys'])
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @Allow('api-keys:list')
  @Replies(200, ApiKeyPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<ApiKeyView>> {
    return this.apiKeys.list(wish);
  }

  @Post()
  @Allow('api-keys:create')
  @Replies(201, NewApiKeyView)
  create(@Body({ schema: CreateApiKey }) wish: CreateApiKey): Promise<NewApiKeyView> {
    return this.apiKeys.create(wish);
  }

  @Delete(':apiKeyId')
  @Allow('api-keys:revoke')
  @Replies(204)
  revoke(@Param('apiKeyId', Id) apiKeyId: string): Promise<void> {
    return this.apiKeys.revoke(apiKeyId);
  }
}
