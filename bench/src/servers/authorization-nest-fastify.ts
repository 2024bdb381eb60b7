import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AuthorizationScenario } from '../authorization/scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { AuthorizationModule } from './authorization.module.js';

await serve(async (scenario: AuthorizationScenario, place: StorePlace) => {
  Logger.overrideLogger(['error']);
  const root = await AuthorizationModule.of(scenario, place);
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter());
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
});
