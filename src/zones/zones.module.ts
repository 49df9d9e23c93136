import { Module } from '@nestjs/common';
import { BrandsModule } from '../brands/brands.module.js';
import { DkimKeysListener } from './dkim-keys.listener.js';
import { ZoneFolderPublisher } from './zone-folder.publisher.js';
import { ZonePublisher } from './zone-publisher.js';
import { ZonesController } from './zones.controller.js';
import { ZonesListener } from './zones.listener.js';
import { ZonesService } from './zones.service.js';
import { ZonesSweep } from './zones.sweep.js';

@Module({
  imports: [BrandsModule],
  controllers: [ZonesController],
  providers: [
    ZonesService,
    DkimKeysListener,
    ZonesListener,
    ZonesSweep,
    { provide: ZonePublisher, useClass: ZoneFolderPublisher },
  ],
  exports: [ZonesService],
})
export class ZonesModule {}
