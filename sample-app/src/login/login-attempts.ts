import { AuthorizationServer } from '@keybound/authorization-server/nest';
import { Inject, Injectable } from '@nestjs/common';
import { fieldOf } from './form.js';
import type { LoginRequest } from './interaction.guard.js';
import { TooManyLoginsException } from './too-many-logins.exception.js';

const windowSeconds = 60;
/** Wrong passwords for one account from one address. */
const perAccountAtAddress = 40;
/** Wrong passwords for one account, from wherever they come. */
const perAccount = 400;
/** In how many of its 256 places an address looks for a free one. */
const placesTried = 8;

/**
 * Bounds guessing. An attempt is counted as wrong before its password is looked at, so that no more of
 * them get through by coming at once; one that was right is taken back, and counts against nobody.
 */
@Injectable()
export class LoginAttempts {
  readonly #counted = new WeakMap<LoginRequest, readonly string[]>();

  constructor(@Inject(AuthorizationServer) private readonly server: AuthorizationServer) {}

  /** @throws TooManyLoginsException; StoreUnavailableError */
  async begin(request: LoginRequest): Promise<void> {
    const { body, ip = '' } = request;
    // First, so that one address cannot fill the store with names that it makes up.
    const place = await this.#takePlace(ip);
    const username = fieldOf(body, 'username') ?? '';
    const atAddress = { key: `login at ${ip} ${username}`, limit: perAccountAtAddress };
    const anywhere = { key: `login account ${username}`, limit: perAccount };
    // In this order: what is refused at one address counts nowhere else.
    for (const limit of [atAddress, anywhere]) {
      const outcome = await this.#count(limit);
      if (outcome.within) continue;
      await this.server.services.stores.counters.reset(place);
      throw new TooManyLoginsException(outcome.retryAfterSeconds);
    }
    this.#counted.set(request, [place, atAddress.key, anywhere.key]);
  }

  /** The password was right. @throws StoreUnavailableError */
  async succeed(request: LoginRequest): Promise<void> {
    const { counters } = this.server.services.stores;
    const keys = this.#counted.get(request) ?? [];
    await Promise.all(keys.map((key) => counters.reset(key)));
  }

  /**
   * An address has as many places for wrong passwords as an octet has values. Each is a counter of its
   * own: a success can give its place back, and no other.
   */
  async #takePlace(ip: string): Promise<string> {
    let retryAfterSeconds = windowSeconds;
    for (const place of crypto.getRandomValues(new Uint8Array(placesTried))) {
      const key = `login place ${ip} ${place}`;
      const outcome = await this.#count({ key, limit: 1 });
      if (outcome.within) return key;
      retryAfterSeconds = Math.min(retryAfterSeconds, outcome.retryAfterSeconds);
    }
    throw new TooManyLoginsException(retryAfterSeconds);
  }

  #count(limit: { readonly key: string; readonly limit: number }) {
    const { stores, clock } = this.server.services;
    return stores.counters.count([{ ...limit, windowSeconds }], clock.now());
  }
}
