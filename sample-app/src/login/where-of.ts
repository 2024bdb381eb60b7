import { safeText, type AuditEvent } from '@keybound/core';
import { knownInteractionOf, type LoginRequest } from './interaction.guard.js';

/** Where something happened, for the audit log. The path stands there without the interaction's ID. */
export function whereOf(
  request: LoginRequest,
): Pick<AuditEvent, 'method' | 'path' | 'clientId' | 'remoteAddress'> {
  const { method, url, ip } = request;
  const [path = ''] = url.split('?', 1);
  const clientId = knownInteractionOf(request)?.client.id;
  return {
    method: safeText(method),
    path: safeText(path.replace(/^\/login\/[^/]*/i, '/login/:id')),
    ...(clientId !== undefined && { clientId }),
    ...(ip !== undefined && { remoteAddress: ip }),
  };
}
