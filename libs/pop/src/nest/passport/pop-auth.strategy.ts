import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { PopStrategy } from '../../passport/pop-strategy.js';
import type { VerifiedPop } from '../../resource-server/verified-pop.js';
import { PopRefusedException } from '../pop-refused.exception.js';
import { PopResource } from '../pop-resource.token.js';

/**
 * Makes `AuthGuard('pop')` work, for applications that guard everything through Passport. Provide it
 * in a module that imports `PopModule`; a route's own demands are for `@PopProtected()`.
 */
@Injectable()
export class PopAuthStrategy extends PassportStrategy(PopStrategy, 'pop') {
  constructor(@Inject(PopResource) resource: PopResource) {
    super({
      resource,
      toError: ({ response, rejection }) => new PopRefusedException(response, rejection),
    });
  }

  /** What `request.user` becomes. */
  validate(pop: VerifiedPop): VerifiedPop {
    return pop;
  }
}
