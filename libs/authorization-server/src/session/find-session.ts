import type { EndpointRequest } from '../extension/endpoint.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { SessionRecord } from '../storage/session-store.js';
import { readCookie, sessionCookie } from './cookies.js';

/** Who is logged in in the browser that sent a request. @throws StoreUnavailableError */
export async function findSession(
  context: ServerContext,
  http: Pick<EndpointRequest, 'view' | 'now'>,
): Promise<SessionRecord | undefined> {
  const secret = readCookie(sessionCookie, http.view.headerValues('cookie'));
  if (secret === undefined) return undefined;
  const { idleSeconds } = context.configuration.sessions;
  return context.stores.sessions.find(await hashOf(secret), idleSeconds, http.now);
}
