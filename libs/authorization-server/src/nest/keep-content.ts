import { captureAtServer } from '@keybound/pop/node-http';
import type { IncomingMessage, Server } from 'node:http';
import { isForServer } from '../express/handle-node-request.js';
import type { AuthorizationServer } from '../server/authorization-server.js';

/**
 * Keeps the content of the authorization server's requests from body parsers, which Nest puts in
 * front of every middleware on Express. AS-275, THR-38, INV-4: they would hide duplicates, and answer
 * what they cannot parse in their own words, which are no OAuth error.
 *
 * Parsers go by the content type, so that it is hidden from them, in the parsed fields only: the
 * server itself reads the raw ones. For a parser that takes everything, the content is copied too.
 */
export function keepContent(http: Server, server: AuthorizationServer): void {
  const ours = (message: IncomingMessage) => isForServer(server, message);
  http.prependListener('request', (message) => {
    const { headers } = message;
    if (headers['content-type'] !== undefined && ours(message)) delete headers['content-type'];
  });
  captureAtServer(http, server.maxContentBytes, ours);
}
