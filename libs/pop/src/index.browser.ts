export { makeDpopProof, type DpopProofInput } from './dpop/make-dpop-proof.js';
export {
  signHttpRequest,
  type SignedRequestInput,
} from './signed-http-request/sign-http-request.js';
