import { equalInConstantTime } from '@keybound/core';

/** Whether two hashes of secrets are the same, in a time that tells nothing. */
export function sameHash(a: string, b: string): boolean {
  return equalInConstantTime(Buffer.from(a), Buffer.from(b));
}
