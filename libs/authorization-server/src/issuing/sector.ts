import { splitHttpUrl } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';

/**
 * The host that stands for a client and its siblings: those that know a user by the same pairwise
 * `sub`. OpenID Connect Core §8.1.
 *
 * @returns Undefined where the redirect URIs have several hosts and no `sector_identifier_uri` joins
 *   them. Whether its document lists them was checked at registration.
 */
export function sectorOf(
  metadata: Pick<ClientMetadata, 'redirect_uris' | 'sector_identifier_uri' | 'jwks_uri'>,
): string | undefined {
  const { redirect_uris, sector_identifier_uri, jwks_uri } = metadata;
  if (sector_identifier_uri !== undefined) return hostOf(sector_identifier_uri);
  const [host, ...others] = new Set(redirect_uris.map(hostOf));
  if (others.length > 0) return undefined;
  return redirect_uris.length === 0 && jwks_uri !== undefined ? hostOf(jwks_uri) : host;
}

function hostOf(url: string): string | undefined {
  return splitHttpUrl(url)?.host;
}
