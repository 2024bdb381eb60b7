import type { MacKey, VerificationKey } from '@keybound/core';

/** The key that a token is bound to. What a public key verifies, a secret never does. SHR-22, THR-02. */
export type ConfirmationKey =
  | { readonly kind: 'signature'; readonly key: VerificationKey }
  | { readonly kind: 'mac'; readonly key: MacKey };
