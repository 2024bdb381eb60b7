import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { findSession } from './find-session.js';

/** Whether somebody is logged in in the browser that sent a request. AS-19. */
export async function hasSession(
  context: ServerContext,
  http: Pick<EndpointRequest, 'view' | 'now'>,
): Promise<boolean> {
  return (await findSession(context, http)) !== undefined;
}
