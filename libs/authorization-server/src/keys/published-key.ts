import {
  ConfigurationError,
  importVerificationKey,
  parsePublicJwk,
  thumbprintOf,
  type JsonObject,
  type JwkProblem,
  type SignatureAlgorithmName,
  type Signer,
  type VerificationKey,
} from '@keybound/core';

/** A key as `jwks_uri` shows it, and as those verify with it who are in the same process. */
export interface PublishedKey {
  readonly kid: string;
  readonly jwk: JsonObject;
  readonly verification: VerificationKey;
}

/**
 * The public part of a signing key, named by its thumbprint. RFC 7517 §4, AS-206, AS-210.
 *
 * @throws ConfigurationError for a key that is weak, malformed or not public.
 */
export async function publishedKeyOf({
  algorithm,
  publicJwk,
}: Pick<Signer, 'algorithm' | 'publicJwk'>): Promise<PublishedKey> {
  const parsed = parsePublicJwk(publicJwk);
  if (!parsed.ok) throw unusable(algorithm, parsed.failure);
  const kid = await thumbprintOf(parsed.value);
  const jwk = { ...parsed.value, kid, alg: algorithm, use: 'sig' } as const;
  const verification = await importVerificationKey(jwk);
  if (!verification.ok) throw unusable(algorithm, verification.failure);
  return { kid, jwk, verification: verification.value };
}

function unusable(algorithm: SignatureAlgorithmName, problem: JwkProblem): ConfigurationError {
  return new ConfigurationError(`A signing key for ${algorithm} cannot be used: ${problem}.`);
}
