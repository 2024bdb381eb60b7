import express, { type Request as ExpressRequest } from 'express';
import { jwksCache, validateJwtAccessToken, type JWKSCacheInput } from 'oauth4webapi';
import { issuer, origin, path, resource, type Answer, type Scenario } from '../scenario.js';
import { serve } from '../serve.js';

const server = { issuer, jwks_uri: `${issuer}/jwks` };

/** Fetches no keys: it is given a cache that it takes for fresh, at every request. */
function freshKeys({ issuerJwk }: Scenario): JWKSCacheInput {
  return { jwks: { keys: [{ ...issuerJwk }] }, uat: Math.floor(Date.now() / 1_000) };
}

function webRequest({ method, originalUrl, headers }: ExpressRequest): Request {
  return new Request(origin + originalUrl, {
    method,
    headers: { authorization: headers.authorization ?? '', dpop: String(headers['dpop'] ?? '') },
  });
}

await serve(async (scenario: Scenario) => {
  const app = express();
  app.get(path, async (request, response) => {
    try {
      const claims = await validateJwtAccessToken(server, webRequest(request), resource, {
        requireDPoP: true,
        signingAlgorithms: ['ES256'],
        [jwksCache]: freshKeys(scenario),
      });
      response.json({ subject: claims.sub } satisfies Answer);
    } catch {
      response.status(401).json({ error: 'invalid_token' });
    }
  });
  return app.listen(0, '127.0.0.1');
});
