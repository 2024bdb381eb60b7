import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { LoginRequest } from './interaction.guard.js';
import { LoginAttempts } from './login-attempts.js';

/** Stands before the password: whoever guesses too often has none looked at. */
@Injectable()
export class LoginLimitGuard implements CanActivate {
  constructor(@Inject(LoginAttempts) private readonly attempts: LoginAttempts) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    await this.attempts.begin(context.switchToHttp().getRequest<LoginRequest>());
    return true;
  }
}
