export {
  JwtAccessTokenVerifier,
  type AccessTokenPolicy,
} from './access-token/jwt-access-token-verifier.js';
export {
  IntrospectedAccessTokens,
  type IntrospectionPolicy,
} from './access-token/introspected-access-tokens.js';
export {
  remoteIntrospection,
  type RemoteIntrospectionOptions,
} from './access-token/remote-introspection.js';
export type { TokenIntrospection } from './access-token/token-introspection.js';
export type { TokenStatus } from './access-token/token-status.js';
export type { TrustedIssuer } from './access-token/trusted-issuer.js';
export type {
  AccessTokenVerifier,
  VerifiedAccessToken,
} from './access-token/verified-access-token.js';
export { knownCnfMembers, parseCnf, type Cnf, type CnfMember } from './confirmation/cnf-claim.js';
export type { Confirmation, Confirmed, Evidence } from './confirmation/confirmation.js';
export type { ConfirmationKey } from './confirmation/confirmation-key.js';
export type { Coverage } from './confirmation/coverage.js';
export type { KidResolver } from './confirmation/key-by-name.js';
export { popMethods, type PopMethod } from './confirmation/pop-method.js';
export { bindProofToToken, checkProofIsForToken } from './dpop/bind-proof-to-token.js';
export { checkDpopProof } from './dpop/check-dpop-proof.js';
export type { CheckedDpopProof } from './dpop/checked-dpop-proof.js';
export { dpopPolicy, type DpopPolicy } from './dpop/dpop-policy.js';
export { makeDpopProof, type DpopProofInput } from './dpop/make-dpop-proof.js';
export { proofSpend } from './dpop/proof-spend.js';
export type {
  ChallengeParts,
  Credential,
  Presentation,
  PresentationScheme,
  Presented,
  Proofs,
} from './presentation/presentation.js';
export { buildPopResource } from './resource-server/build-pop-resource.js';
export { consoleAudit } from './resource-server/console-audit.js';
export { popCorsHeaders } from './resource-server/cors-headers.js';
export {
  popDemand,
  type PopDemand,
  type PopDemandInput,
} from './resource-server/pop-demand.schema.js';
export { baseline, type PopOptions } from './resource-server/pop-options.schema.js';
export type { PopResource } from './resource-server/pop-resource.js';
export {
  protectedResourceMetadataUrl,
  type ProtectedResourceMetadata,
} from './resource-server/protected-resource-metadata.js';
export { PopVerifier } from './resource-server/pop-verifier.js';
export { ReportTally, type ReportCount } from './resource-server/report-tally.js';
export type { ResourcePolicy } from './resource-server/resource-policy.js';
export type { PopDecision, VerifiedPop } from './resource-server/verified-pop.js';
export {
  checkSignedRequest,
  type CheckedSignedRequest,
} from './signed-http-request/check-signed-request.js';
export type { Covered } from './confirmation/covered.js';
export { openSignedRequest } from './signed-http-request/open-signed-request.js';
export type { OpenedSignedRequest } from './signed-http-request/opened-signed-request.js';
export {
  signHttpRequest,
  type SignedRequestInput,
} from './signed-http-request/sign-http-request.js';
export type {
  SignedRequestPolicy,
  SignedRequestProfile,
} from './signed-http-request/signed-request-policy.js';
export { signedRequestSpend } from './signed-http-request/signed-request-spend.js';
