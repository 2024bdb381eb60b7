export { decodeBase64url, encodeBase64url, isCanonicalBase64url } from './crypto/base64url.js';
export { signatureAlgorithmNames, type SignatureAlgorithmName } from './crypto/algorithms.js';
export { sha256Base64url } from './crypto/digest.js';
export type { JsonObject, JsonValue } from './crypto/parse-json.js';
export { parsePublicJwk, type PublicJwk } from './crypto/public-jwk.js';
export { generateKeyPair, type KeyPair } from './crypto/generate-key-pair.js';
export { signCompactJws, signerFromJwk, signerFromKeyPair, type Signer } from './crypto/signer.js';
export { isThumbprint, thumbprintOf, type Thumbprint } from './crypto/thumbprint.js';
export { ConfigurationError } from './errors/faults.js';
export { accept, refuse, type Accepted, type Refused, type Result } from './errors/result.js';
export { normalizePath, splitHttpUrl, type HttpUrl } from './http/http-url.js';
export { seconds, systemClock, type Clock, type Seconds } from './time/clock.js';
export {
  webFingerQuery,
  issuerRelation,
  type WebFingerProblem,
  type WebFingerQuery,
} from './webfinger/webfinger-query.js';
export { issuerLinkIn } from './webfinger/issuer-link.js';
