import { AuthorizationServer } from '@keybound/authorization-server/nest';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { fieldOf } from './form.js';
import type { LoginRequest } from './interaction.guard.js';
import { TooManyLoginsException } from './too-many-logins.exception.js';

const windowSeconds = 60;
/** Wrong passwords for one user, from wherever they come. */
const perSubject = 40;
/** Logins from one address, behind which there may be many users. */
const perAddress = 200;

/** Bounds guessing, before a password is looked at. */
@Injectable()
export class LoginLimitGuard implements CanActivate {
  constructor(@Inject(AuthorizationServer) private readonly server: AuthorizationServer) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { body, ip = '' } = context.switchToHttp().getRequest<LoginRequest>();
    const limits = [
      // First, so that one address cannot fill the store with names that it makes up.
      { key: `login address ${ip}`, limit: perAddress, windowSeconds },
      { key: subjectKey(fieldOf(body, 'username') ?? ''), limit: perSubject, windowSeconds },
    ];
    const { stores, clock } = this.server.services;
    for (const limit of limits) {
      const outcome = await stores.counters.count([limit], clock.now());
      if (!outcome.within) throw new TooManyLoginsException(outcome.retryAfterSeconds);
    }
    return true;
  }
}

/** Under which a user's attempts are counted, until one succeeds. */
export function subjectKey(username: string): string {
  return `login subject ${username}`;
}
