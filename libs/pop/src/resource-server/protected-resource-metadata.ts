import { ConfigurationError } from '@keybound/core';
import type { PopConfiguration } from './pop-options.schema.js';

/** What a protected resource says about itself. RFC 9728 §2. Members without a value are left out. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers?: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly dpop_signing_alg_values_supported?: readonly string[];
  readonly dpop_bound_access_tokens_required: boolean;
}

/** The metadata that follows from what is enforced, so that the two cannot drift apart. RS-32. */
export function protectedResourceMetadata(
  configuration: PopConfiguration,
): ProtectedResourceMetadata {
  const { resource, issuers, dpop, signedHttpRequest, unboundTokens, bearerTransports } =
    configuration;
  return {
    resource,
    authorization_servers: issuers.map(({ issuer }) => issuer),
    bearer_methods_supported: bearerTransports.map((name) => (name === 'form' ? 'body' : name)),
    ...(dpop !== 'off' && { dpop_signing_alg_values_supported: dpop.algorithms }),
    dpop_bound_access_tokens_required:
      dpop !== 'off' && signedHttpRequest === 'off' && unboundTokens === 'refused',
  };
}

const wellKnown = '/.well-known/oauth-protected-resource';
const shape = /^(https?:\/\/[^/?#]+)([^#]*)$/i;

/**
 * Where the metadata of a resource is found. RFC 9728 §3.1.
 *
 * @param resource The identifier as configured; it is cut, never parsed and rebuilt (OPS-27).
 * @throws ConfigurationError for an identifier that is no http(s) URL, or has a fragment.
 */
export function protectedResourceMetadataUrl(resource: string): string {
  const [, origin, rest = ''] = shape.exec(resource) ?? [];
  if (origin === undefined) {
    throw new ConfigurationError(`The resource "${resource}" has no metadata URL.`);
  }
  return origin + wellKnown + rest.replace(/^\/(?=\?|$)/, '');
}
