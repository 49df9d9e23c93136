import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Backlog } from './events/backlog.js';
import { Deliveries } from './events/deliveries.js';
import { Queues } from './events/queue.js';
import { Relay } from './events/relay.js';
import { Sweeps } from './schedules/sweeps.js';
import { Upkeep } from './schedules/upkeep.js';

/** What only the worker does: pass events on, let listeners react, run sweeps. */
@Module({
  imports: [DiscoveryModule],
  providers: [Queues, Relay, Backlog, Deliveries, Sweeps, Upkeep],
  exports: [Queues, Relay, Deliveries, Sweeps],
})
export class WorkerModule {}
