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
export { testRunner, type TestRunner } from './test-runner.js';
export { verifiedPopForTests } from './verified-pop.js';
