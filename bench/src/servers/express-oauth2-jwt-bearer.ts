import express, { type NextFunction, type Request, type Response } from 'express';
import { auth, UnauthorizedError } from 'express-oauth2-jwt-bearer';
import { issuer, path, resource, type Answer, type Scenario } from '../scenario.js';
import { serve } from '../serve.js';

await serve(async ({ issuerJwk }: Scenario) => {
  const app = express();
  const authenticate = auth({
    issuer,
    audience: resource,
    publicKey: { keys: [{ ...issuerJwk }] },
    tokenSigningAlg: 'ES256',
    dpop: { enabled: true, required: true },
  });
  app.get(path, authenticate, (request, response) => {
    response.json({ subject: request.auth?.payload.sub } satisfies Answer);
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof UnauthorizedError) response.status(error.status).json({});
    else next(error);
  });
  return app.listen(0, '127.0.0.1');
});
