import type { PopDemand } from './pop-demand.schema.js';
import type { PopVerifier } from './pop-verifier.js';
import type { VerifiedPop } from './verified-pop.js';

/** Who admitted a request, and for what. */
export interface Admission {
  readonly verifier: PopVerifier;
  readonly demand: PopDemand;
}

interface Verified {
  readonly pop: VerifiedPop;
  readonly admission: Admission | undefined;
}

const verified = new WeakMap<object, Verified>();

/** Keeps what was verified of a request. @param request The transport's own request object. */
export function rememberVerifiedPop(
  request: object,
  pop: VerifiedPop,
  admission?: Admission,
): void {
  verified.set(request, { pop, admission });
}

/** What this verifier decided about this request before, if it admitted it. */
export function admissionOf(
  request: object,
  verifier: PopVerifier,
): { readonly pop: VerifiedPop; readonly demand: PopDemand } | undefined {
  const before = verified.get(request);
  if (before?.admission?.verifier !== verifier) return undefined;
  return { pop: before.pop, demand: before.admission.demand };
}

/**
 * What was verified of a request.
 *
 * @throws Error on a route that nothing protects: there is nothing to tell.
 */
export function verifiedPopOf(request: object): VerifiedPop {
  const pop = verified.get(request)?.pop;
  if (pop === undefined) throw new Error('This route is not protected: nothing was verified.');
  return pop;
}
