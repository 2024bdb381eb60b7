import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { PopDemand } from '../resource-server/pop-demand.schema.js';
import { defaultDemand, PopDemanded, PopExempt } from './pop-demanded.js';

/** What each route demands, read from its metadata once: they do not change. */
export class RouteDemands {
  readonly #known = new WeakMap<object, WeakMap<object, PopDemand | 'exempt'>>();

  constructor(private readonly reflector: Reflector) {}

  /** By handler and class, since a class may inherit its handlers. */
  of(context: ExecutionContext): PopDemand | 'exempt' {
    const handler = context.getHandler();
    const controller = context.getClass();
    let byController = this.#known.get(handler);
    if (byController === undefined) this.#known.set(handler, (byController = new WeakMap()));
    let demand = byController.get(controller);
    if (demand === undefined) byController.set(controller, (demand = this.#read(context)));
    return demand;
  }

  /** The handler's own mark, or else its class's. */
  #read(context: ExecutionContext): PopDemand | 'exempt' {
    for (const target of [context.getHandler(), context.getClass()]) {
      // Nest's types know nothing of unmarked routes.
      const demand = this.reflector.get(PopDemanded, target) as PopDemand | undefined;
      if (demand !== undefined) return demand;
      const exempt = this.reflector.get(PopExempt, target) as true | undefined;
      if (exempt === true) return 'exempt';
    }
    return defaultDemand;
  }
}
