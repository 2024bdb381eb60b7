import { expect, it } from '@jest/globals';
import { InMemoryReplayStore } from '@keybound/core';
import { PopModule, PopProtected, VerifiedPop } from '@keybound/pop/nest';
import { Controller, Get, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { scene } from '../scene.js';
import { overridePop } from './override-pop.js';

@PopProtected({ scopes: ['orders:read'] })
@Controller('orders')
class OrdersController {
  @Get()
  list(@VerifiedPop() pop: VerifiedPop) {
    return { subject: pop.subject, method: pop.method };
  }
}

@Module({
  imports: [
    PopModule.forRoot({
      preset: 'baseline',
      deployment: 'development',
      resource: scene.resource,
      publicBaseUrl: scene.resource,
      issuers: [scene.issuer],
      replay: { store: new InMemoryReplayStore() },
    }),
  ],
  controllers: [OrdersController],
})
class AppModule {}

it('lets requests of an application under test through, with the facts it is given', async () => {
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const module = await overridePop(builder, { subject: 'bob' }).compile();
  const app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${String(port)}/orders`);
  expect(await response.json()).toEqual({ subject: 'bob', method: 'dpop' });
  await app.close();
});
