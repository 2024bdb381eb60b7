import type { Refused, Rejection } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import { reject } from './rejections.js';

/**
 * AS-84: the issuer and nothing else, since another server could have asked for an assertion that
 * names one of our endpoints and replay it here. A client may have been allowed the old way (AS-88).
 */
export function checkAssertionAudience(
  context: ServerContext,
  client: Client,
  audience: string,
): Refused<Rejection> | undefined {
  if (audience === context.issuer) return undefined;
  if (audience !== tokenEndpointOf(context)) {
    return reject('client_assertion.audience', 'AS-84', {
      expected: context.issuer,
      actual: audience,
    });
  }
  if (!client.relaxations.has('legacy-token-endpoint-audience')) {
    return reject('client_assertion.audience', 'AS-88', {
      expected: context.issuer,
      actual: audience,
    });
  }
  context.audit.record({
    kind: 'warning',
    code: 'client_assertion.legacy_audience',
    requirement: 'AS-88',
    clientId: client.id,
  });
  return undefined;
}

function tokenEndpointOf(context: ServerContext): string | undefined {
  const endpoint = context.extensions.endpoints.find(({ name }) => name === 'token');
  return endpoint === undefined ? undefined : context.urlOf(endpoint.path);
}
