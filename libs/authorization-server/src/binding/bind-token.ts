import { accept, type Rejection, type Result, type Thumbprint } from '@keybound/core';
import type { BindingContext, TokenBinder, TokenBinding } from '../extension/token-binder.js';
import type { TokenRequest } from '../extension/token-request.js';
import { reject } from './rejections.js';

/** What became of the keys that a token request named and showed. */
export interface BoundRequest {
  /** Undefined where the request names and shows none. */
  readonly binding: TokenBinding | undefined;
  /** The keys that binders saw proven: what a bound grant is compared with (DPOP-16, DPOP-37). */
  readonly provenKeys: readonly Thumbprint[];
}

const unbound: BoundRequest = { binding: undefined, provenKeys: [] };

/**
 * Asks every binder, and makes one binding of what they find. RFC 7800 §3, KD-16.
 *
 * A key that the client named in so many words stands, and every proof must then be of that key.
 * Otherwise the proven key stands; of several, the one whose binder was registered first. Nothing is
 * spent: the binding carries what all of them would use up.
 */
export async function bindToken(
  binders: readonly TokenBinder[],
  request: TokenRequest,
  context: BindingContext,
): Promise<Result<BoundRequest, Rejection>> {
  const found: TokenBinding[] = [];
  for (const binder of binders) {
    const bound = await binder.bind(request, context);
    if (!bound.ok) return bound;
    if (bound.value !== undefined) found.push(bound.value);
  }
  const [first, ...others] = found;
  if (first === undefined) return accept(unbound);
  const stands = others.length === 0 ? accept(first) : theOneThatStands(found, first);
  if (!stands.ok) return stands;
  const provenKeys = found.flatMap(({ possession, thumbprint }) =>
    possession === 'proven' && thumbprint !== undefined ? [thumbprint] : [],
  );
  const shown = checkPossession(stands.value, provenKeys, request);
  if (!shown.ok) return shown;
  const binding = others.length === 0 ? first : withAll(stands.value, found);
  return accept({ binding, provenKeys });
}

function theOneThatStands(
  found: readonly TokenBinding[],
  first: TokenBinding,
): Result<TokenBinding, Rejection> {
  const [asked, another] = found.filter(({ possession }) => possession !== 'proven');
  if (another !== undefined) return reject('binding.several_keys', 'KD-13');
  if (asked === undefined) return accept(first);
  const other = found.find(
    ({ possession, thumbprint }) => possession === 'proven' && thumbprint !== asked.thumbprint,
  );
  if (other === undefined) return accept(asked);
  return reject('binding.other_key', 'KD-16', {
    expected: asked.thumbprint ?? 'no proof, for a key that the server makes',
    actual: other.thumbprint ?? other.by,
  });
}

/** Shown by a proof of the request, or by the very key that the client authenticated with. */
function checkPossession(
  binding: TokenBinding,
  provenKeys: readonly Thumbprint[],
  { authentication }: TokenRequest,
): Result<undefined, Rejection> {
  if (binding.possession !== 'asked-needs-proof') return accept(undefined);
  const { thumbprint } = binding;
  const shown =
    thumbprint !== undefined &&
    (provenKeys.includes(thumbprint) || authentication.provenKeys.includes(thumbprint));
  return shown
    ? accept(undefined)
    : reject('binding.unproven_key', 'KD-16', { expected: thumbprint ?? 'a public key' });
}

function withAll(stands: TokenBinding, found: readonly TokenBinding[]): TokenBinding {
  return {
    ...stands,
    uses: found.flatMap(({ uses }) => uses),
    fields: found.flatMap(({ fields }) => fields),
  };
}
