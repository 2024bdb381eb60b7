import { buildPopResource, popProtected, verifiedPop } from '@keybound/pop/express';
import express from 'express';
import { path, type Answer, type Scenario } from '../scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { popOptions } from './pop-options.js';

await serve(async (scenario: Scenario, place: StorePlace) => {
  const resource = await buildPopResource(await popOptions(scenario, place));
  const app = express();
  app.get(path, popProtected(resource), (request, response) => {
    response.json({ subject: verifiedPop(request).subject } satisfies Answer);
  });
  return app.listen(0, '127.0.0.1');
});
