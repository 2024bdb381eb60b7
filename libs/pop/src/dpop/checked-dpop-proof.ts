import type { PublicJwk, Seconds, Thumbprint } from '@keybound/core';

declare const checked: unique symbol;

/** A DPoP proof made for this request, by this key, in time. Made only by `checkDpopProof`. */
export interface CheckedDpopProof {
  readonly [checked]: true;
  readonly method: 'dpop';
  readonly thumbprint: Thumbprint;
  readonly jwk: PublicJwk;
  /** Normalised, without query and fragment. */
  readonly htu: string;
  readonly jti: string;
  readonly ath: string | undefined;
  /** The first moment at which this proof could have been accepted. */
  readonly freshAt: Seconds;
  /** The first moment at which this proof would no longer be accepted. */
  readonly staleAt: Seconds;
  /** A fresh nonce to send along, where the one used is past half its life. */
  readonly nextNonce: string | undefined;
}

/** What judging a proof's time finds out. */
export type ProofTimes = Pick<CheckedDpopProof, 'freshAt' | 'staleAt' | 'nextNonce'>;
