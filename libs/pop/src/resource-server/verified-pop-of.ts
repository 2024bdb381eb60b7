import type { VerifiedPop } from './verified-pop.js';

const verified = new WeakMap<object, VerifiedPop>();

/** Keeps what was verified of a request. @param request The transport's own request object. */
export function rememberVerifiedPop(request: object, pop: VerifiedPop): void {
  verified.set(request, pop);
}

/**
 * What was verified of a request.
 *
 * @throws Error on a route that nothing protects: there is nothing to tell.
 */
export function verifiedPopOf(request: object): VerifiedPop {
  const pop = verified.get(request);
  if (pop === undefined) throw new Error('This route is not protected: nothing was verified.');
  return pop;
}
