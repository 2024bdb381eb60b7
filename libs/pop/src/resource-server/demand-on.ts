import { ConfigurationError, parseConfiguration } from '@keybound/core';
import { offeredPresentations } from './challenges.js';
import { popDemand, type PopDemand, type PopDemandInput } from './pop-demand.schema.js';
import type { PopResource } from './pop-resource.js';

/**
 * Parses what a route demands of a resource.
 *
 * @param where Who demands it, as the reader of the message knows it.
 * @throws ConfigurationError for a demand that makes no sense, or that nobody could meet.
 */
export function demandOn(resource: PopResource, where: string, input: PopDemandInput): PopDemand {
  const demand = parseConfiguration(where, popDemand, input);
  if (offeredPresentations(resource.verifier.policy, demand).length > 0) return demand;
  throw new ConfigurationError(`${where}: none of the methods it names is configured.`);
}
