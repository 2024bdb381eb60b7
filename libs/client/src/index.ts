export {
  findIssuer,
  IssuerNotFoundError,
  type FindIssuerOptions,
} from './issuer-discovery/find-issuer.js';
export { InMemoryKeyPairs } from './key-store/in-memory-key-pairs.js';
export type { KeyPairStore } from './key-store/key-pair-store.js';
export { ResourceKeys } from './key-store/resource-keys.js';
export { createSigningFetch } from './signing-fetch/create-signing-fetch.js';
export type { Fetch, SigningFetchOptions } from './signing-fetch/signing-fetch-options.js';
export { requireOwnKey } from './token-response/require-own-key.js';
export {
  requireTokenType,
  type BoundTokenType,
  type TokenTypeDemand,
} from './token-response/require-token-type.js';
export { UnusableTokenError } from './token-response/unusable-token-error.js';
