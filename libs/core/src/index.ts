export { AuditLog, type AuditEvent } from './audit/audit-log.js';
export { safeText } from './audit/safe-text.js';
export { parseConfiguration } from './configuration/parse-configuration.js';
export {
  algorithmsOption,
  httpUrlOption,
  jwkOption,
  positiveOption,
} from './configuration/plain-options.js';
export { portOption } from './configuration/port-option.js';
export { storeOption } from './configuration/store-option.js';
export {
  algorithmFitsKey,
  macAlgorithmNames,
  signatureAlgorithmNames,
  signatureAlgorithms,
  type MacAlgorithmName,
  type SignatureAlgorithm,
  type SignatureAlgorithmName,
} from './crypto/algorithms.js';
export { decodeBase64url, encodeBase64url, isCanonicalBase64url } from './crypto/base64url.js';
export { BoundedCache } from './crypto/bounded-cache.js';
export {
  checkSignature,
  decodeJws,
  isMediaType,
  openJws,
  parseCompactJws,
  parseJwsHeader,
  splitCompactJws,
  verifySignature,
  type CompactSegments,
  type DecodedJws,
  type JwsAlgorithmName,
  type JwsExpectation,
  type JwsHeader,
  type JwsProblem,
  type JwsStep,
  type UnverifiedJws,
} from './crypto/compact-jws.js';
export {
  decryptionKeysFrom,
  type DecryptionKeys,
  type JweProblem,
} from './crypto/decryption-keys.js';
export {
  encryptCompactJwe,
  encryptionKeyFromJwk,
  type EncryptionKey,
} from './crypto/encryption-key.js';
export type { EncryptionJwk, KeyManagementAlgorithm } from './crypto/encryption-jwk.js';
export { EmbeddedKeyJwtVerifier, type EmbeddedKeyJwt } from './crypto/embedded-key-jwt.js';
export type { KeyProblem, KeyQuery, KeySource } from './crypto/key-source.js';
export { freshMacKey, type OctJwk } from './crypto/fresh-mac-key.js';
export {
  importMacKey,
  isMacJws,
  isSignatureJws,
  verifyMac,
  type MacKey,
  type MacKeyProblem,
} from './crypto/mac-key.js';
export {
  bodyDepth,
  headerDepth,
  isJsonObject,
  parseJson,
  parseJsonObject,
  parseJsonText,
  type JsonObject,
  type JsonValue,
} from './crypto/parse-json.js';
export {
  parsePublicJwk,
  type EcPublicJwk,
  type JwkProblem,
  type OkpPublicJwk,
  type PublicJwk,
  type RsaPublicJwk,
} from './crypto/public-jwk.js';
export { sha256Base64url } from './crypto/digest.js';
export { leftHalfHash } from './crypto/left-half-hash.js';
export { equalInConstantTime, hmacSha256 } from './crypto/message-authentication.js';
export { generateKeyPair, type KeyPair } from './crypto/generate-key-pair.js';
export { generateSigner } from './crypto/generate-signer.js';
export { deriveSecret } from './crypto/master-secret.js';
export { generatePrivateJwk, type PrivateJwk } from './crypto/private-jwk.js';
export { sealingBy, type SealedPlace, type Sealing } from './crypto/sealing.js';
export { signCompactJws, signerFromJwk, signerFromKeyPair, type Signer } from './crypto/signer.js';
export { isThumbprint, thumbprintOf, type Thumbprint } from './crypto/thumbprint.js';
export { importVerificationKey, type VerificationKey } from './crypto/verification-key.js';
export { ConfigurationError, StoreUnavailableError, UpstreamError } from './errors/faults.js';
export {
  rejections,
  type EndpointErrorCode,
  type HttpRefusal,
  type OAuthErrorCode,
  type Rejection,
  type RejectionDetail,
} from './errors/rejection.js';
export {
  renderOAuthError,
  renderUnavailable,
  type Challenge,
  type ChallengeParameter,
  type ErrorBody,
  type ErrorResponse,
  type ErrorSurface,
} from './errors/render-oauth-error.js';
export { accept, refuse, type Accepted, type Refused, type Result } from './errors/result.js';
export { externalUrl, type ReceivedTarget } from './http/external-url.js';
export { fetchRequestView } from './http/fetch-request-view.js';
export { noContent, type HttpRequestView, type RequestContent } from './http/http-request-view.js';
export { normalizePath, splitHttpUrl, type HttpUrl } from './http/http-url.js';
export { publicUrlOf, publicUrlOptions, type PublicUrl } from './http/public-url.js';
export {
  freshNonce,
  type NonceMode,
  type NonceVerdict,
  type ServerNonces,
} from './nonce/server-nonces.js';
export { discoveredKeys } from './discovery/discovered-keys.js';
export { discoverIssuer, type IssuerMetadata } from './discovery/discover-issuer.js';
export { remoteKeys, type RemoteKeysOptions } from './crypto/remote-keys.js';
export { KeySet } from './crypto/key-set.js';
export { parseKeySet, type ParsedKeySet } from './crypto/parse-key-set.js';
export { staticKeys } from './crypto/static-keys.js';
export { isSpecialAddress } from './outgoing-http/special-address.js';
export type { ResolveHost } from './outgoing-http/resolve-host.js';
export { guardedHttp } from './outgoing-http/guarded-http.js';
export type { GuardedHttpOptions } from './outgoing-http/guarded-http.schema.js';
export {
  InMemoryReplayStore,
  type InMemoryReplayStoreOptions,
} from './replay/in-memory-replay-store.js';
export { nonceModeOf, nonceOptions } from './nonce/nonce-options.js';
export { statelessNonces, type StatelessNonceOptions } from './nonce/stateless-nonces.js';
export {
  OutgoingHttp,
  type OutgoingDocument,
  type OutgoingFormRequest,
  type OutgoingForms,
  type OutgoingRequest,
} from './outgoing-http/outgoing-http.js';
export {
  ReplayStore,
  type ClaimOutcome,
  type Spend,
  type SpendTimes,
  type UnclaimedOutcome,
} from './replay/replay-store.js';
export { refuseUnclaimed } from './replay/refuse-unclaimed.js';
export { spendOf } from './replay/spend-of.js';
export { Clock, seconds, systemClock, type Seconds } from './time/clock.js';
export { authorizationServerPlugIn } from './extension/authorization-server-plug-in.js';
export {
  webFingerQuery,
  issuerRelation,
  type WebFingerProblem,
  type WebFingerQuery,
} from './webfinger/webfinger-query.js';
export { issuerLinkIn } from './webfinger/issuer-link.js';
export {
  webFingerDocument,
  type WebFingerDocument,
  type WebFingerLink,
} from './webfinger/webfinger-document.js';
export { parseWebFingerResource, type WebFingerResource } from './webfinger/webfinger-resource.js';
export { generateEncryptionKeys, type EncryptionKeys } from './crypto/generate-encryption-keys.js';
