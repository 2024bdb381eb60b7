import { parsePublicJwk, thumbprintOf, type Signer } from '@keybound/core';
import { UnusableTokenError } from './unusable-token-error.js';

/**
 * Requires that a `cnf` in a token response names the client's own key. A response without `cnf`
 * says nothing and passes: what binds the token then stands in the token.
 *
 * @throws UnusableTokenError for another key, or where no key can be read from `cnf`.
 */
export async function requireOwnKey(
  response: { readonly cnf?: unknown },
  signer: Signer,
): Promise<void> {
  const { cnf } = response;
  if (cnf === undefined) return;
  const own = await thumbprintOf(signer.publicJwk);
  const named = await thumbprintsIn(cnf);
  if (named.length > 0 && named.every((thumbprint) => thumbprint === own)) return;
  throw new UnusableTokenError('The token is bound to a key that is not the one asked for.');
}

/** Of every key that `cnf` names, by value or by thumbprint; undefined for one that is malformed. */
async function thumbprintsIn(cnf: unknown): Promise<unknown[]> {
  if (typeof cnf !== 'object' || cnf === null) return [];
  const thumbprints: unknown[] = 'jkt' in cnf ? [cnf.jkt] : [];
  if (!('jwk' in cnf)) return thumbprints;
  const key = parsePublicJwk(cnf.jwk);
  return [...thumbprints, key.ok ? await thumbprintOf(key.value) : undefined];
}
