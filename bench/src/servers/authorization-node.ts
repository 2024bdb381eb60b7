import { buildAuthorizationServer } from '@keybound/authorization-server';
import { handleNodeRequest } from '@keybound/authorization-server/express';
import { createServer } from 'node:http';
import type { AuthorizationScenario } from '../authorization/scenario.js';
import { serve } from '../serve.js';
import type { StorePlace } from '../stores/store-place.js';
import { authorizationOptions } from './authorization-options.js';

await serve(async (scenario: AuthorizationScenario, place: StorePlace) => {
  const server = await buildAuthorizationServer(await authorizationOptions(scenario, place));
  const http = createServer((message, response) => {
    handleNodeRequest(server, message, response).then(
      (handled) => handled || response.writeHead(404).end(),
      () => response.writeHead(500).end(),
    );
  });
  return http.listen(0, '127.0.0.1');
});
