import { Module } from '@nestjs/common';
import { ResellersController } from './resellers.controller.js';
import { ResellersService } from './resellers.service.js';

@Module({ controllers: [ResellersController], providers: [ResellersService], exports: [ResellersService] })
export class ResellersModule {}
