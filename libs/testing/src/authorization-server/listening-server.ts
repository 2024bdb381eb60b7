import type { AuthorizationServer } from '@keybound/authorization-server';
import { handleNodeRequest } from '@keybound/authorization-server/express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback, for requests that only a socket can carry. */
export interface ListeningServer {
  /** Where it listens; what it says of itself is at its issuer, as behind a proxy. */
  readonly base: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves an authorization server by `node:http` alone; paths that are not its own are 404. */
export async function listeningServer(server: AuthorizationServer): Promise<ListeningServer> {
  const http = createServer((message, response) => {
    handleNodeRequest(server, message, response).then(
      (handled) => handled || response.writeHead(404).end(),
      () => response.writeHead(500).end(),
    );
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${String(port)}`,
    port,
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
