/** What a check answers: the value it vouches for, or the reason it refused. */
export type Result<T, F> = Accepted<T> | Refused<F>;

export interface Accepted<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Refused<F> {
  readonly ok: false;
  readonly failure: F;
}

export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value };
}

export function refuse<F>(failure: F): Refused<F> {
  return { ok: false, failure };
}
