import type { Request } from 'express';
import { Strategy } from 'passport';
import { admitRequest } from '../node-http/admit-request.js';
import { setFields } from '../node-http/send-response.js';
import { demandOn } from '../resource-server/demand-on.js';
import type { PopDemand, PopDemandInput } from '../resource-server/pop-demand.schema.js';
import type { PopResource } from '../resource-server/pop-resource.js';
import type { PopDecision } from '../resource-server/verified-pop.js';

export interface PopStrategyOptions {
  readonly resource: PopResource;
  readonly demand?: PopDemandInput;
  /** Makes the error that ends a refused request; Passport's own answer where absent. */
  readonly toError?: (refused: Extract<PopDecision, { admitted: false }>) => Error;
}

/**
 * Passport strategy `pop`: `request.user` becomes the verified facts.
 *
 * Passport sends no challenge with 400 and 403, so the fields of a refusal are set here.
 */
export class PopStrategy extends Strategy {
  override readonly name = 'pop';
  // Passport serves each request with an object that inherits from this one, which a # field forbids.
  private readonly options: PopStrategyOptions;
  private readonly demand: PopDemand;

  constructor(options: PopStrategyOptions) {
    super();
    this.options = options;
    this.demand = demandOn(options.resource, 'PopStrategy', options.demand ?? {});
  }

  override authenticate(request: Request): void {
    this.decide(request).then(
      (decision) => {
        this.tell(request, decision);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }

  private decide(request: Request): Promise<PopDecision> {
    return admitRequest(request, request.originalUrl, this.options.resource, this.demand);
  }

  private tell(request: Request, decision: PopDecision): void {
    const { toError } = this.options;
    if (decision.admitted) {
      if (request.res !== undefined) setFields(request.res, decision.headers);
      this.success(decision.pop);
      return;
    }
    const { status, headers } = decision.response;
    if (request.res !== undefined) setFields(request.res, headers);
    if (toError !== undefined) {
      this.error(toError(decision));
      return;
    }
    this.fail(status);
  }
}
