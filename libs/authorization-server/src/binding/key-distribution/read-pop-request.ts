import { accept, type Rejection, type Result } from '@keybound/core';
import type { TokenRequest } from '../../extension/token-request.js';
import { parseAlgorithmList } from './negotiate-algorithm.js';
import { reject } from './rejections.js';

/** A request for a `pop` token, its parameters still text. */
export interface PopRequest {
  /** -01: the key, or its thumbprint. Never together with `reqCnf`. */
  readonly key: string | undefined;
  /** -07: a confirmation. */
  readonly reqCnf: string | undefined;
  /** What the client can do, in its order; undefined where it does not say. */
  readonly algorithms: readonly string[] | undefined;
}

/**
 * Whether a token request asks for a `pop` token: in so many words, or by the client's registration.
 * KD-02, KD-03.
 *
 * The endpoint has refused repeated parameters (KD-24).
 *
 * @param tokenTypes The types that the server issues, in lower case.
 * @returns Undefined for a request that asks for nothing of the kind.
 */
export function readPopRequest(
  { parameters, client }: Pick<TokenRequest, 'parameters' | 'client'>,
  tokenTypes: ReadonlySet<string>,
): Result<PopRequest | undefined, Rejection> {
  const key = parameters.one('key');
  const reqCnf = parameters.one('req_cnf');
  const named = key ?? reqCnf;
  const registered = client.metadata.pop_bound_access_tokens;
  const tokenType = parameters.one('token_type')?.toLowerCase() ?? (registered ? 'pop' : undefined);
  if (tokenType !== undefined && !tokenTypes.has(tokenType)) {
    return reject('key_distribution.token_type', 'KD-03', { actual: tokenType.slice(0, 64) });
  }
  if (tokenType !== 'pop') {
    if (named === undefined && !registered) return accept(undefined);
    return reject('key_distribution.token_type', 'KD-02', {
      expected: 'pop',
      actual: tokenType ?? 'absent',
    });
  }
  if (key !== undefined && reqCnf !== undefined) {
    return reject('key_distribution.parameters', 'KD-13', { actual: 'key and req_cnf' });
  }
  const algorithms = parseAlgorithmList(parameters.one('alg'));
  return algorithms.ok ? accept({ key, reqCnf, algorithms: algorithms.value }) : algorithms;
}
