import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPopResource, type PopDemandInput, type PopOptions } from '@keybound/pop';
import { popProtected, verifiedPop } from '@keybound/pop/express';
import express from 'express';

/** A server whose every route is protected, and which answers with what was verified. */
export interface ProtectedServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function protectedServer(
  options: PopOptions,
  demand: PopDemandInput = {},
): Promise<ProtectedServer> {
  const resource = await buildPopResource(options);
  const app = express();
  app.set('query parser', 'simple');
  app.use(popProtected(resource, demand), (request, response) => {
    const { subject, method, thumbprint, covered } = verifiedPop(request);
    const { m, u, p, b } = covered;
    response.json({
      subject,
      method,
      thumbprint,
      covered: { m, u, p, q: [...covered.q], h: [...covered.h], b },
    });
  });
  return listen(createServer(app));
}

export async function listen(server: Server): Promise<ProtectedServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
