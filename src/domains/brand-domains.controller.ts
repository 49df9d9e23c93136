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

/** The reseller's own mail domains: the brand claims and proves like everybody. */
@ApiTags('Brand domains')
@Controller('api/v1/resellers/:resellerId/brands/:brandId/domains')
export class BrandDomainsController {
  constructor(
    private readonly domains: DomainsService,
    private readonly claims: ClaimsService,
    private readonly records: DomainRecordsService,
    private readonly checks: ChecksService,
  ) {}

  @Get()
  @Allow('domains:list')
  @Replies(200, DomainPage)
  list(
    @Param('brandId', Id) brandId: string,
    @Query({ schema: PageWish }) wish: PageWish,
  ): Promise<Page<DomainView>> {
    return this.domains.list(wish, brandId);
  }

  @Post()
  @Allow('domains:claim')
  @Replies(201, DomainView)
  claim(
    @Param('brandId', Id) brandId: string,
    @Body({ schema: ClaimDomain }) wish: ClaimDomain,
  ): Promise<DomainView> {
    return this.claims.claim(wish, brandId);
  }

  @Get(':domainId')
  @Allow('domains:read')
  @Replies(200, DomainView)
  read(@Param('brandId', Id) brandId: string, @Param('domainId', Id) domainId: string): Promise<DomainView> {
    return this.domains.require(domainId, brandId);
  }

  @Delete(':domainId')
  @Allow('domains:release')
  @Replies(204)
  release(@Param('brandId', Id) brandId: string, @Param('domainId', Id) domainId: string): Promise<void> {
    return this.domains.release(domainId, brandId);
  }

  @Post(':domainId/check')
  @Allow('domains:check')
  @OutsideTransaction()
  @Replies(200, CheckView)
  check(@Param('brandId', Id) brandId: string, @Param('domainId', Id) domainId: string): Promise<CheckView> {
    return this.checks.check(domainId, brandId);
  }

  @Get(':domainId/records')
  @Allow('domains:read')
  @Replies(200, RecordsView)
  listRecords(
    @Param('brandId', Id) brandId: string,
    @Param('domainId', Id) domainId: string,
  ): Promise<RecordsView> {
    return this.records.list(domainId, brandId);
  }

  @Get(':domainId/zone-file')
  @Allow('domains:read')
  @RepliesText('The records of the domain, as a zone file (RFC 1035 §5).')
  zoneFile(@Param('brandId', Id) brandId: string, @Param('domainId', Id) domainId: string): Promise<string> {
    return this.records.zoneText(domainId, brandId);
  }
}
