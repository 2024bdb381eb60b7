import { ConfigurationError, type SignatureAlgorithmName } from '@keybound/core';

/** Something is signed with an algorithm for which the operator gave no key. */
export function noSuchKey(algorithm: SignatureAlgorithmName): ConfigurationError {
  return new ConfigurationError(`There is no signing key for ${algorithm}; add one to keys.`);
}
