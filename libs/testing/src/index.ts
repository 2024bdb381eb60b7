export { testEndpoint, testPlugIn } from './authorization-server/test-plug-in.js';
export { authorizationServerOptions } from './authorization-server/authorization-server-options.js';
export {
  authorizationForm,
  authorizeWith,
  callback,
  formTo,
  openPushed,
  pushedRequest,
  pushWith,
  requestUriOf,
  sentToClient,
  waitingRequest,
  type ParameterFlaw,
} from './authorization-server/authorization-requests.js';
export { listeningServer, type ListeningServer } from './authorization-server/listening-server.js';
export { testAccounts } from './authorization-server/test-accounts.js';
export {
  interactionIn,
  saidToClient,
  TestBrowser,
  type AuthorizationParameters,
} from './authorization-server/test-browser.js';
export { clientSecret, testClients } from './authorization-server/test-clients.js';
export {
  testServer,
  type TestAnswer,
  type TestServer,
} from './authorization-server/test-server.js';
export { unreachableHttp } from './authorization-server/unreachable-http.js';
export { describeClientStore } from './client-store.contract.js';
export { describeCounterStore } from './counter-store.contract.js';
export { describeGrantStore } from './grant-store.contract.js';
export {
  currentKid,
  publishedKids,
  ringSecret,
  sharedKeys,
  storedGenerations,
  WatchedKeyStore,
} from './key-ring.js';
export { describeKeyStore } from './key-store.contract.js';
export { answeringLate } from './late-store.js';
export {
  accessToken,
  dpopProof,
  hash,
  jkt,
  jwkBoundToken,
  signedRequest,
  signerFor,
  thumbprint,
  type Flaw,
  type Signing,
} from './messages.js';
export { RecordedAudit } from './recorded-audit.js';
export { describeReplayStore } from './replay-store.contract.js';
export { requestView, type RequestInput } from './request-view.js';
export { sceneOptions } from './scene-options.js';
export { scene, SettableClock, T0 } from './scene.js';
export {
  clientKey,
  issuerJwks,
  issuerKey,
  otherKey,
  publicPart,
  type TestKey,
} from './test-keys.js';
export { describeSessionStore } from './session-store.contract.js';
export { takingTurns } from './taking-turns.js';
export { testRunner, type TestRunner } from './test-runner.js';
export { verifiedPopForTests } from './verified-pop.js';
export { grantRecord, pkce, savedCode, savedRefreshToken } from './authorization-server/granted.js';
export {
  assertionForm,
  codeForm,
  refreshForm,
  secretAuthentication,
  tokenRequest,
  type Form,
  type TokenRequestExtras,
} from './authorization-server/token-requests.js';
export { claimsIn, headerOf, textIn, tokenName } from './authorization-server/claims-in.js';
export { undemandingClients } from './authorization-server/undemanding-clients.js';
export { issuedJwt, issuedReference } from './authorization-server/issued-tokens.js';
export { testPostgres, testRedis, type TestService } from './test-service.js';
export type { ContractRun } from './contract-run.js';
