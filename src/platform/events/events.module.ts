import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Events } from './events.js';
import { Listeners } from './listeners.js';

/** Recording, for every process. Passing on is the worker's: see worker.module. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [Events, Listeners], exports: [Events, Listeners] })
export class EventsModule {}
