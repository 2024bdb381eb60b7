import type { KeySource } from '../crypto/key-source.js';
import { remoteKeys, type RemoteKeysOptions } from '../crypto/remote-keys.js';
import { discoverIssuer } from './discover-issuer.js';

/**
 * The keys of an issuer of which only the name is known. OIDC-09, OIDC-14.
 *
 * Its metadata are fetched anew before each fetch of its keys, which the cool-downs bound, so that a
 * `jwks_uri` that moved is noticed.
 *
 * @throws ConfigurationError for times that make no sense.
 */
export function discoveredKeys(
  issuer: string,
  options: Omit<RemoteKeysOptions, 'resolveUri'>,
): KeySource {
  const resolveUri = async () => (await discoverIssuer(issuer, options.http)).jwksUri;
  return remoteKeys({ ...options, resolveUri });
}
