import { applyDecorators, UseGuards } from '@nestjs/common';
import type { PopDemandInput } from '../resource-server/pop-demand.schema.js';
import { PopGuard } from './pop.guard.js';
import { PopDemanded } from './pop-demanded.js';

/**
 * Admits a request only if its access token is bound to a key that the sender proves to hold.
 *
 * A method's demand replaces its class's; they do not add up. A method that does not exist, or
 * a scope that cannot, throws ConfigurationError when the class is loaded.
 *
 * @example
 * ```ts
 * @PopProtected({ methods: ['dpop'], scopes: ['orders:read'] })
 * ```
 */
export function PopProtected(demand: PopDemandInput = {}): ClassDecorator & MethodDecorator {
  return applyDecorators(PopDemanded(demand), UseGuards(PopGuard));
}
