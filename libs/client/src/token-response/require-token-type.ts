import { UnusableTokenError } from './unusable-token-error.js';

/** Types of tokens that are bound to a key, as responses spell them. */
export type BoundTokenType = 'DPoP' | 'pop';

export interface TokenTypeDemand {
  /** `allowed`: an unbound token, of type `Bearer`, is taken too. Default `refused`. */
  readonly downgrade?: 'refused' | 'allowed';
}

/**
 * Requires that the issuer bound the token as it was asked to. RFC 9449 §5, RFC 6749 §7.1.
 *
 * @returns The type that the token has, in the usual spelling.
 * @throws UnusableTokenError for any other type, compared without regard to letter case.
 */
export function requireTokenType(
  response: { readonly token_type?: unknown },
  expected: BoundTokenType,
  { downgrade = 'refused' }: TokenTypeDemand = {},
): BoundTokenType | 'Bearer' {
  const { token_type: type } = response;
  const lower = typeof type === 'string' ? type.toLowerCase() : undefined;
  if (lower === expected.toLowerCase()) return expected;
  if (lower === 'bearer' && downgrade === 'allowed') return 'Bearer';
  const problem = lower === 'bearer' ? 'is not bound to a key' : 'is of another type';
  throw new UnusableTokenError(`The token ${problem}: asked for token_type ${expected}.`);
}
