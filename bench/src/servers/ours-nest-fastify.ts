import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { serve } from '../serve.js';
import { OrdersModule } from './orders.module.js';

await serve(async (scenario) => {
  Logger.overrideLogger(['error']);
  const root = OrdersModule.of(scenario);
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
});
