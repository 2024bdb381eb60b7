declare const secondsBrand: unique symbol;

/** Whole or fractional seconds: since 1970-01-01T00:00:00Z where it is a moment. */
export type Seconds = number & { readonly [secondsBrand]: true };

export function seconds(value: number): Seconds {
  return value as Seconds;
}

/** Where everything that depends on time gets it from. */
export interface Clock {
  /** Seconds since 1970-01-01T00:00:00Z, whole. */
  now(): Seconds;
}

export const Clock = Symbol('Clock');

export const systemClock: Clock = {
  now: () => seconds(Math.floor(Date.now() / 1000)),
};
