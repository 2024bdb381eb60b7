import { encodeBase64url, thumbprintOf, type Clock, type Signer } from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { parseNonce } from '../signing-fetch/parse-nonce.js';
import type { Fetch } from '../signing-fetch/signing-fetch-options.js';
import { requireOwnKey } from '../token-response/require-own-key.js';
import { requireTokenType, type BoundTokenType } from '../token-response/require-token-type.js';
import { UnusableTokenError } from '../token-response/unusable-token-error.js';
import type { Binding } from './relying-party-options.js';

/** Parameters by which a token request asks for a token that is bound to this key. */
export function bindingParameters(
  binding: Binding,
  { publicJwk, algorithm }: Signer,
): URLSearchParams {
  if (binding === 'dpop') return new URLSearchParams();
  const jwk = JSON.stringify(publicJwk);
  if (binding === 'kd-01') {
    return new URLSearchParams({ token_type: 'pop', alg: algorithm, key: jwk });
  }
  const confirmation = new TextEncoder().encode(`{"jwk":${jwk}}`);
  return new URLSearchParams({ token_type: 'pop', req_cnf: encodeBase64url(confirmation) });
}

export function tokenTypeOf(binding: Binding): BoundTokenType {
  return binding === 'dpop' ? 'DPoP' : 'pop';
}

/**
 * A `fetch` for token requests that proves possession of the key and judges what comes back.
 *
 * `openid-client` knows the types `Bearer` and `DPoP` only. What it cannot judge is judged here: that
 * the token has the type that was asked for (KD-18, DPOP-42) and the key is ours; then it is handed
 * on as an unbound one, since its proofs are not `openid-client`'s to make.
 *
 * It remembers the nonce of the last response and sends each request once: the grant is repeated by
 * `repeatWithNonce`.
 */
export function popExchange(binding: Binding, signer: Signer, fetch: Fetch, clock: Clock): Fetch {
  let nonce: string | undefined;
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const made = { method: init.method ?? 'GET', url, issuedAt: clock.now() };
    const headers = new Headers(init.headers);
    headers.set('dpop', await makeDpopProof({ ...made, ...(nonce && { nonce }) }, signer));
    const response = await fetch(url, { ...init, headers });
    nonce = parseNonce(response.headers.get('dpop-nonce')) ?? nonce;
    return response.status === 200 ? judge(response) : response;
  };

  async function judge(response: Response): Promise<Response> {
    const body = (await response.json()) as Record<string, unknown>;
    requireTokenType(body, tokenTypeOf(binding));
    await requireOwnKey(body, signer);
    await requireBoundTo(body['access_token'], signer);
    const { headers, status } = response;
    return Response.json(
      { ...body, token_type: 'bearer' },
      { headers: withoutLength(headers), status },
    );
  }
}

/** Where the token can be read, its `cnf` must name our key: nothing else would be of use. */
async function requireBoundTo(token: unknown, signer: Signer): Promise<void> {
  const confirmation = confirmationIn(token);
  if (confirmation === undefined) return;
  const { jkt, jwk, kid } = confirmation;
  if (jwk !== undefined) return requireOwnKey({ cnf: { jwk } }, signer);
  const named = jkt ?? kid;
  if (named === (await thumbprintOf(signer.publicJwk))) return;
  throw new UnusableTokenError('The token is bound to a key that is not the one asked for.');
}

/** Of a JWT access token; nobody vouches for it here, the resource server will. */
function confirmationIn(token: unknown): Record<string, unknown> | undefined {
  const [, payload, , ...rest] = typeof token === 'string' ? token.split('.') : [];
  if (payload === undefined || rest.length > 0) return undefined;
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const claims = JSON.parse(text) as { readonly cnf?: Record<string, unknown> } | null;
    return claims === null ? undefined : (claims.cnf ?? {});
  } catch (error) {
    // A reference token with two dots in it: only its issuer can read it.
    if (error instanceof SyntaxError || isNoBase64(error)) return undefined;
    throw error;
  }
}

function isNoBase64(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidCharacterError';
}

/** The length and coding of the body that the server sent are not those of ours. */
function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) kept.delete(name);
  return kept;
}
