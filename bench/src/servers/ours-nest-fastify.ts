import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Scenario } from '../scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { OrdersModule } from './orders.module.js';

await serve(async (scenario: Scenario, place: StorePlace) => {
  Logger.overrideLogger(['error']);
  const root = await OrdersModule.of(scenario, place);
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
});
