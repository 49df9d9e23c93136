import { Module } from '@nestjs/common';
import { BrandsController } from './brands.controller.js';
import { BrandsService } from './brands.service.js';
import { HostsController } from './hosts.controller.js';
import { HostsService } from './hosts.service.js';

@Module({
  controllers: [BrandsController, HostsController],
  providers: [BrandsService, HostsService],
  exports: [BrandsService, HostsService],
})
export class BrandsModule {}
