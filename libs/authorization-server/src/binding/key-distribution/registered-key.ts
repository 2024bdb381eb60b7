import {
  importVerificationKey,
  parsePublicJwk,
  thumbprintOf,
  type SignatureAlgorithmName,
  type VerificationKey,
} from '@keybound/core';
import type { Client } from '../../extension/client.js';

const maxKeys = 100;

/**
 * The key of a client's own that a name means: by thumbprint or `kid` among those it registered, or by
 * `kid` among those it publishes. KD-07.
 *
 * @throws UpstreamError when its published keys cannot be had.
 */
export async function registeredKey(
  { metadata, keys }: Pick<Client, 'metadata' | 'keys'>,
  kid: string,
  algorithms: readonly SignatureAlgorithmName[],
): Promise<VerificationKey | undefined> {
  const registered: unknown = metadata.jwks?.['keys'];
  for (const jwk of Array.isArray(registered) ? registered.slice(0, maxKeys) : []) {
    const parsed = parsePublicJwk(jwk);
    if (!parsed.ok) continue;
    if (parsed.value.kid !== kid && (await thumbprintOf(parsed.value)) !== kid) continue;
    const key = await importVerificationKey(jwk);
    if (key.ok) return key.value;
  }
  for (const algorithm of metadata.jwks_uri === undefined ? [] : algorithms) {
    const key = await keys?.find({ kid, algorithm });
    if (key?.ok === true) return key.value;
  }
  return undefined;
}
