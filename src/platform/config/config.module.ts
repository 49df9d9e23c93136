import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { ControlPlaneConfiguration } from './configuration.js';

const Values = Object as unknown as new () => ControlPlaneConfiguration;

/** The parsed configuration of the process, as injected: `constructor(private readonly configuration: Configuration)`. */
export abstract class Configuration extends Values {}

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
