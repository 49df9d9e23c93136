import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Configuration } from '../config/config.module.js';
import { createDataSource } from './data-source.js';
import { DatabaseFitness } from './database-fitness.js';
import { Doors } from './doors.js';
import { TenantDb } from './tenant-db.js';

@Global()
@Module({
  providers: [
    {
      provide: DataSource,
      inject: [Configuration],
      useFactory: (configuration: Configuration) => createDataSource(configuration).initialize(),
    },
    TenantDb,
    Doors,
    DatabaseFitness,
  ],
  exports: [DataSource, TenantDb, Doors, DatabaseFitness],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly source: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }
}
