import type { ErrorSurface, HttpRequestView } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';

/**
 * How refusals look where clients authenticate. RFC 6749 §5.2: who used the `Authorization` field is
 * challenged for the scheme that is on offer there; nobody else is.
 */
export function clientEndpointSurface(
  context: Pick<ServerContext, 'issuer'>,
  view: HttpRequestView,
): ErrorSurface {
  if (view.headerValues('authorization').length === 0) return { kind: 'endpoint' };
  return {
    kind: 'endpoint',
    challenge: { scheme: 'Basic', leading: [], parameters: [['realm', context.issuer]] },
  };
}
