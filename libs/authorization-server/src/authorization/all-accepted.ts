import { accept, type Rejection, type Result } from '@keybound/core';

/** Several verdicts as one: all values under their names, or the first refusal in order. */
export function allAccepted<T extends object>(verdicts: {
  readonly [Name in keyof T]: Result<T[Name], Rejection>;
}): Result<T, Rejection> {
  const values: Partial<T> = {};
  for (const name of Object.keys(verdicts) as (keyof T)[]) {
    const verdict = verdicts[name];
    if (!verdict.ok) return verdict;
    values[name] = verdict.value;
  }
  return accept(values as T);
}
