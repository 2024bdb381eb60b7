import { fastifyPop, verifiedPop } from '@keybound/pop/fastify';
import { fastify } from 'fastify';
import { path, type Answer, type Scenario } from '../scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { popOptions } from './pop-options.js';

await serve(async (scenario: Scenario, place: StorePlace) => {
  const app = fastify();
  await app.register(fastifyPop, await popOptions(scenario, place));
  app.get(path, { preHandler: app.popProtected() }, (request): Answer => {
    return { subject: verifiedPop(request).subject };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server;
});
