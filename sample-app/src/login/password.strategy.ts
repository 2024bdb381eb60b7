import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-local';
import { fieldOf } from './form.js';
import { Users } from './users.js';

/** Any Passport strategy could stand here: the authorization server only hears who logged in. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy) {
  constructor(@Inject(Users) private readonly users: Users) {
    super({ passReqToCallback: true });
  }

  /** @returns False for a wrong name or password. */
  async validate(
    request: { readonly body?: unknown },
    username: string,
    password: string,
  ): Promise<string | false> {
    // passport-local reads the query too, where a password would end up in logs (THR-86).
    if (fieldOf(request.body, 'password') !== password) return false;
    return (await this.users.find(username, password)) ?? false;
  }
}
