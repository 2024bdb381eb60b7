import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** JSON documents on loopback: what a client publishes. */
export interface DocumentServer {
  /** Publishes a document, or replaces it. @returns Its URL. */
  publish(path: string, document: unknown): string;
  /** Paths that were fetched, in order. */
  readonly fetched: readonly string[];
  close(): Promise<void>;
}

export async function documentServer(): Promise<DocumentServer> {
  const documents = new Map<string, string>();
  const fetched: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    fetched.push(url);
    const document = documents.get(url);
    response.setHeader('content-type', 'application/json');
    response.writeHead(document === undefined ? 404 : 200).end(document);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    fetched,
    publish(path, document) {
      documents.set(path, JSON.stringify(document));
      return `http://127.0.0.1:${port}${path}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
