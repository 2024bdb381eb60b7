import { accept, type Rejection, type Result } from '@keybound/core';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { hashOf } from '../server/secrets.js';
import { bearerToken } from './bearer-token.js';
import { countAttempt } from './count-attempt.js';
import { reject } from './rejections.js';
import type { RegistrationConfiguration } from './registration-configuration.js';
import { sameHash } from './same-hash.js';

/** Whether somebody vouched for the client, by an initial access token. RFC 7591 §3. */
export type RegistrationAccess = 'open' | 'vouched';

/**
 * Who may register, and how often: each attempt counts, for its address and for its initial access
 * token. AS-215, AS-216, OIDC-23, THR-80.
 *
 * @throws StoreUnavailableError
 */
export async function checkAccess(
  context: ServerContext,
  configuration: RegistrationConfiguration,
  request: EndpointRequest,
): Promise<Result<RegistrationAccess, Rejection>> {
  const { view } = request;
  const { access } = configuration;
  const address = `address:${view.remoteAddress ?? 'unknown'}`;
  const counted = await countAttempt(context, configuration, request, address);
  if (!counted.ok) return counted;
  if (access === 'open') return accept('open');

  const token = bearerToken(view);
  const hash = token === undefined ? undefined : await hashOf(token);
  const known = access.initialAccessTokenHashes.filter(
    (initial) => hash !== undefined && sameHash(initial, hash),
  );
  if (hash === undefined || known.length === 0) return reject('registration.token', 'OIDC-23');
  const countedAgain = await countAttempt(context, configuration, request, `token:${hash}`);
  return countedAgain.ok ? accept('vouched') : countedAgain;
}
