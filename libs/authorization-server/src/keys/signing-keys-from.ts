import {
  ConfigurationError,
  UpstreamError,
  type SignatureAlgorithmName,
  type Signer,
} from '@keybound/core';
import { noSuchKey } from './no-such-key.js';
import { PublishedKeys, keySourceOf } from './published-keys.js';
import { publishedKeyOf } from './published-key.js';
import type { CurrentKey, SigningKeys } from './signing-keys.js';

/** A public key that is shown and does not sign here: the next one, a retired one, another instance's. */
export type ShownKey = Pick<Signer, 'algorithm' | 'publicJwk'>;

/**
 * Keys that somebody else holds, a KMS or an HSM, or that several instances share. AS-209.
 *
 * Rotation is a matter of the lists: a next key is shown by every instance before any signs with it,
 * and a retired one for as long as what it signed (AS-207, THR-64).
 *
 * @param signers One for each algorithm.
 * @param shown   What is published besides.
 * @throws ConfigurationError for two signers of one algorithm, and for a key that is weak (AS-210).
 */
export async function signingKeysFrom(
  signers: readonly Signer[],
  shown: readonly ShownKey[] = [],
): Promise<SigningKeys> {
  const algorithms = signers.map(({ algorithm }) => algorithm);
  const [repeated] = algorithms.filter((name, at) => algorithms.indexOf(name) !== at);
  if (repeated !== undefined) {
    throw new ConfigurationError(`Two signers sign ${repeated}; show one of them instead.`);
  }
  if (signers.length === 0) throw new ConfigurationError('A server needs a signing key.');
  const own = await Promise.all(
    signers.map(async (signer) => ({ ...(await publishedKeyOf(signer)), signer: guarded(signer) })),
  );
  const published = new PublishedKeys([...own, ...(await Promise.all(shown.map(publishedKeyOf)))]);
  const current = new Map<SignatureAlgorithmName, Promise<CurrentKey>>(
    own.map(({ kid, signer }) => [signer.algorithm, Promise.resolve({ kid, signer })]),
  );
  return {
    algorithms,
    current: (algorithm) => current.get(algorithm) ?? Promise.reject(noSuchKey(algorithm)),
    published: () => Promise.resolve(published.document),
    source: keySourceOf(published),
  };
}

/** Whatever keeps a holder from signing, its own library's errors included, is an outage: 503. */
function guarded(signer: Signer): Signer {
  const { algorithm, publicJwk } = signer;
  return {
    algorithm,
    publicJwk,
    sign: async (data) => {
      try {
        return await signer.sign(data);
      } catch (cause) {
        if (cause instanceof UpstreamError) throw cause;
        throw new UpstreamError('The holder of a signing key cannot answer.', { cause });
      }
    },
  };
}
