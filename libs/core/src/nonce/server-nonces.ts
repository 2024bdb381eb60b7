import type { Seconds } from '../time/clock.js';

/** Nonces that a server hands out so that proofs cannot be made in advance. RFC 9449 §8, §9. */
export interface ServerNonces {
  /** A fresh nonce; syntax of RFC 9449 §8.1, without `=`. */
  issue(now: Seconds): string;

  /** What is to be said of a nonce that came back. Takes constant time for one that is ours. */
  check(nonce: string, now: Seconds): NonceVerdict;
}

export type NonceVerdict =
  /** `renew`: past half its life, so the answer should carry a fresh one. */
  | {
      readonly state: 'current';
      readonly renew: boolean;
      /** The first moment at which the nonce could have been accepted: nothing with it is older. */
      readonly since: Seconds;
      /** The first moment at which it could no longer be accepted. */
      readonly until: Seconds;
    }
  | { readonly state: 'expired' }
  | { readonly state: 'unknown' };

/** Whether proofs must carry a nonce of this server. There is no mode in between. */
export type NonceMode =
  { readonly mode: 'off' } | { readonly mode: 'required'; readonly server: ServerNonces };

/** A nonce to hand out, where proofs must carry one. */
export function freshNonce(nonces: NonceMode, now: Seconds): string | undefined {
  return nonces.mode === 'required' ? nonces.server.issue(now) : undefined;
}
