import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { serve } from '../serve.js';
import { OrdersModule } from './orders.module.js';

await serve(async (scenario) => {
  Logger.overrideLogger(['error']);
  const root = OrdersModule.of(scenario);
  const app = await NestFactory.create<NestExpressApplication>(root, new ExpressAdapter());
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
});
