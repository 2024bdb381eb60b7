import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Scenario } from '../scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { OrdersModule } from './orders.module.js';

await serve(async (scenario: Scenario, place: StorePlace) => {
  Logger.overrideLogger(['error']);
  const root = await OrdersModule.of(scenario, place);
  const app = await NestFactory.create<NestExpressApplication>(root, new ExpressAdapter());
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
});
