import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';

/** Asks the strategy, and lets the page answer: a wrong password is no error, but the form again. */
@Injectable()
export class PasswordGuard extends AuthGuard('local') {
  override getAuthenticateOptions() {
    // The session is the authorization server's; Passport keeps none.
    return { session: false };
  }

  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error !== null && error !== undefined) throw error as Error;
    return (user === false ? undefined : user) as User;
  }
}
