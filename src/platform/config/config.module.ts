import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { ControlPlaneConfiguration } from './configuration.js';

/** The parsed configuration of the process, as injected: `constructor(private readonly config: Configuration)`. */
export abstract class Configuration {}
export interface Configuration extends ControlPlaneConfiguration {}

@Global()
@Module({})
export class ConfigModule {
  static with(configuration: ControlPlaneConfiguration): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: Configuration, useValue: configuration }],
      exports: [Configuration],
    };
  }
}
