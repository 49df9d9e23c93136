import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/access/allow.decorator.js';
import { type Page, PageWish } from '../platform/http/paging.js';
import { Replies } from '../platform/http/replies.decorator.js';
import { Id } from '../platform/http/validation.js';
import { BrandPage, BrandView, ChangeBrand, CreateBrand } from './brands.schemas.js';
import { BrandsService } from './brands.service.js';

@ApiTags('Brands')
@Controller('api/v1/resellers/:resellerId/brands')
export class BrandsController {
  constructor(private readonly brands: BrandsService) {}

  @Get()
  @Allow('brands:list')
  @Replies(200, BrandPage)
  list(@Query({ schema: PageWish }) wish: PageWish): Promise<Page<BrandView>> {
    return this.brands.list(wish);
  }

  @Post()
  @Allow('brands:create')
  @Replies(201, BrandView)
  create(@Body({ schema: CreateBrand }) wish: CreateBrand): Promise<BrandView> {
    return this.brands.create(wish);
  }

  @Get(':brandId')
  @Allow('brands:read')
  @Replies(200, BrandView)
  read(@Param('brandId', Id) brandId: string): Promise<BrandView> {
    return this.brands.require(brandId);
  }

  @Patch(':brandId')
  @Allow('brands:change')
  @Replies(200, BrandView)
  change(
    @Param('brandId', Id) brandId: string,
    @Body({ schema: ChangeBrand }) wish: ChangeBrand,
  ): Promise<BrandView> {
    return this.brands.change(brandId, wish);
  }
}
