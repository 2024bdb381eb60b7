import { seconds, type Clock, type Seconds } from '@keybound/core';

/** The moment at which every fixture was made. */
export const T0 = seconds(1_800_000_000);

/** The parties of every fixture. */
export const scene = {
  issuer: 'https://as.example.com',
  resource: 'https://api.example.com',
  clientId: 'client-1',
  subject: 'alice',
  method: 'GET',
  url: 'https://api.example.com/orders',
} as const;

/** A clock that stands still until it is told otherwise. */
export class SettableClock implements Clock {
  #now: number;

  constructor(now: number = T0) {
    this.#now = now;
  }

  now(): Seconds {
    return seconds(this.#now);
  }

  /** @param moment Seconds since 1970. */
  set(moment: number): void {
    this.#now = moment;
  }

  advance(bySeconds: number): void {
    this.#now += bySeconds;
  }
}
