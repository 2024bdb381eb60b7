import { parseConfiguration } from '@keybound/core';
import { Reflector } from '@nestjs/core';
import {
  popDemand,
  type PopDemand,
  type PopDemandInput,
} from '../resource-server/pop-demand.schema.js';

/** Metadata that `PopGuard` reads: the method's own demand, or else its class's. */
export const PopDemanded = Reflector.createDecorator<PopDemandInput, PopDemand>({
  transform: (input) => parseConfiguration('@PopProtected', popDemand, input),
});

/**
 * Lets everybody in where `PopGuard` guards the whole application (`APP_GUARD`), which refuses
 * unmarked routes like protected ones.
 */
export const PopExempt = Reflector.createDecorator<undefined, true>({ transform: () => true });

/** What an unmarked route demands of the guard that reaches it. */
export const defaultDemand: PopDemand = parseConfiguration('PopGuard', popDemand, {});
