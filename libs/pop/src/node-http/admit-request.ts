import type { IncomingMessage } from 'node:http';
import type { PopDemand } from '../resource-server/pop-demand.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import { admissionOf, rememberVerifiedPop } from '../resource-server/verified-pop-of.js';
import type { PopDecision } from '../resource-server/verified-pop.js';
import { nodeRequestView } from './node-request-view.js';

/**
 * Decides about a request that Node received, and remembers what was verified.
 *
 * Asked again about the same request, it does not take the proof that it has spent itself for a
 * replay: the same demand is met already, another one is judged without spending.
 *
 * @param rawTarget As received: a framework's `originalUrl`, never a router's shortened `url`.
 */
export async function admitRequest(
  message: IncomingMessage,
  rawTarget: string,
  resource: PopResource,
  demand: PopDemand,
): Promise<PopDecision> {
  const { verifier, publicUrl, maxContentBytes } = resource;
  const before = admissionOf(message, verifier);
  if (before?.demand === demand) return { admitted: true, pop: before.pop, headers: [] };
  const view = nodeRequestView(message, rawTarget, publicUrl, maxContentBytes);
  const spending = before === undefined ? 'claim' : 'claimed-before';
  const decision = await verifier.verify(view, demand, spending);
  if (decision.admitted) rememberVerifiedPop(message, decision.pop, { verifier, demand });
  return decision;
}
