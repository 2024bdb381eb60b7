import {
  accept,
  algorithmFitsKey,
  type PublicJwk,
  type Rejection,
  type Result,
  type SignatureAlgorithmName,
} from '@keybound/core';
import type { KeyDistributionPolicy } from './key-distribution-policy.js';
import { reject } from './rejections.js';

/** -01 §6: `1*NQCHAR *( SP 1*NQCHAR )`, in which NQCHAR is that of RFC 6749 appendix A. */
const listOfNames = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/;
const maxLength = 256;

/** The `alg` parameter: names, case-sensitive, in the client's order. KD-04. */
export function parseAlgorithmList(
  text: string | undefined,
): Result<readonly string[] | undefined, Rejection> {
  if (text === undefined) return accept(undefined);
  if (text.length <= maxLength && listOfNames.test(text)) return accept(text.split(' '));
  return reject('key_distribution.alg', 'KD-04', { actual: text.slice(0, 64) });
}

/**
 * The algorithm for proofs by a key: one that client, server and every resource can use, and that
 * fits the key. KD-04, KD-15. The client's order decides, or else the server's.
 *
 * @param jwk Undefined for a key that is known by its thumbprint alone, so that nothing can be said
 *            about its fit.
 */
export function negotiateAlgorithm(
  asked: readonly string[] | undefined,
  audiences: readonly string[],
  { algorithms, resources }: Pick<KeyDistributionPolicy, 'algorithms' | 'resources'>,
  jwk: PublicJwk | undefined,
): Result<SignatureAlgorithmName, Rejection> {
  const usable = algorithms.filter(
    (name) =>
      audiences.every((audience) => takes(resources.get(audience)?.proofAlgorithms, name)) &&
      (jwk === undefined || algorithmFitsKey(name, jwk)),
  );
  const isUsable = (name: string): name is SignatureAlgorithmName =>
    usable.some((each) => each === name);
  const chosen = (asked ?? usable).find(isUsable);
  if (chosen !== undefined) return accept(chosen);
  return reject('key_distribution.unsupported_key', asked === undefined ? 'KD-15' : 'KD-04', {
    expected: usable.join(' '),
    actual: asked?.join(' ') ?? jwk?.kty ?? 'a thumbprint',
  });
}

function takes(
  proofAlgorithms: readonly SignatureAlgorithmName[] | undefined,
  name: SignatureAlgorithmName,
): boolean {
  return proofAlgorithms?.includes(name) ?? true;
}
