import * as openid from 'openid-client';
import { isLoopback } from '../signing-fetch/is-loopback.js';
import type { RelyingPartyOptions } from './relying-party-options.js';

/** How `openid-client` makes the first requests, before there is a configuration. */
export function requestOptions(options: RelyingPartyOptions): openid.DiscoveryRequestOptions {
  const { fetch } = options;
  return {
    [openid.customFetch]: (url, init) => fetch(url, init as RequestInit),
    execute: changesFor(options),
  };
}

/**
 * The same client at the same issuer, whose requests another `fetch` makes.
 *
 * @param issuerKeys As last seen, so that they are not asked for again.
 */
export function withFetch(
  options: RelyingPartyOptions,
  configuration: openid.Configuration,
  authentication: openid.ClientAuth,
  issuerKeys: openid.ExportedJWKSCache | undefined,
  fetch: openid.CustomFetch,
): openid.Configuration {
  const server = configuration.serverMetadata();
  const metadata = configuration.clientMetadata();
  const other = new openid.Configuration(server, metadata.client_id, metadata, authentication);
  other[openid.customFetch] = fetch;
  for (const change of changesFor(options)) change(other);
  if (issuerKeys !== undefined) openid.setJwksCache(other, issuerKeys);
  return other;
}

/** OIDC-33: the signature of the ID token is checked, too, and not left to TLS. */
function changesFor({ issuer, allowHttp }: RelyingPartyOptions) {
  const changes = [openid.enableNonRepudiationChecks];
  if (allowHttp !== 'loopback' || !isLoopback(new URL(issuer).hostname)) return changes;
  // Marked as deprecated by its authors to make it stand out: here, for this machine only.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return [...changes, openid.allowInsecureRequests];
}
