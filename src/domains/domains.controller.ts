import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { OutsideTransaction } from '../platform/repetition/outside-transaction.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies, RepliesText } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { ChecksService } from './checks/checks.service.js';
import { DomainRecordsService } from './checks/domain-records.service.js';
import { ClaimsService } from './claims/claims.service.js';
import { CheckView, ClaimDomain, DomainPage, DomainView, RecordsView } from './domains.schemas.js';
import { DomainsService } from './domains.service.js';

@ApiTags('Domains')
@Controller('api/v1/tenants/:tenantId/domains')
export class DomainsController {
  constructor(
    private readonly domains: DomainsService,
    private readonly claims: ClaimsService,
    private readonly records: DomainRecordsService,
    private readonly checks: ChecksService,
  ) {}

  @Get()
  @Allow('domains:list')
  @Replies(200, DomainPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<DomainView>> {
    return this.domains.list(wish);
  }

  @Post()
  @Allow('domains:claim')
  @Replies(201, DomainView)
  claim(@Body({ schema: ClaimDomain }) wish: ClaimDomain): Promise<DomainView> {
    return this.claims.claim(wish);
  }

  @Get(':domainId')
  @Allow('domains:read')
  @Replies(200, DomainView)
  read(@Param('domainId', Id) domainId: string): Promise<DomainView> {
    return this.domains.require(domainId);
  }

  @Delete(':domainId')
  @Allow('domains:release')
  @Replies(204)
  release(@Param('domainId', Id) domainId: string): Promise<void> {
    return this.domains.release(domainId);
  }

  @Post(':domainId/check')
  @Allow('domains:check')
  @OutsideTransaction()
  @Replies(200, CheckView)
  check(@Param('domainId', Id) domainId: string): Promise<CheckView> {
    return this.checks.check(domainId);
  }

  @Get(':domainId/records')
  @Allow('domains:read')
  @Replies(200, RecordsView)
  listRecords(@Param('domainId', Id) domainId: string): Promise<RecordsView> {
    return this.records.list(domainId);
  }

  @Get(':domainId/zone-file')
  @Allow('domains:read')
  @RepliesText('The records of the domain, as a zone file (RFC 1035 §5).')
  zoneFile(@Param('domainId', Id) domainId: string): Promise<string> {
    return this.records.zoneText(domainId);
  }
}
