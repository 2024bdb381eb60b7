import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AuthorizationServer } from '../server/authorization-server.js';
import { handleNodeRequest } from './handle-node-request.js';

/**
 * Middleware that answers the server's paths and lets all others pass. Mount it at the root, before
 * body parsers: it reads its content itself, as it came (AS-275).
 */
export function authorizationServer(server: AuthorizationServer): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    if (!(await handleNodeRequest(server, request, response))) next();
  };
}
