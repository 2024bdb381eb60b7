import {
  accept,
  seconds,
  type Rejection,
  type Result,
  type Seconds,
  type SpendTimes,
} from '@keybound/core';
import { reject } from './rejections.js';
import type { RequestObjectClaims } from './request-object-claims.schema.js';

const skewSeconds = 10;
const longestLifeSeconds = 3_600;

/**
 * AS-47: begun (clocks may differ by 10 s), not over, and not longer in force than 60 minutes, from
 * `nbf` or else `iat` or else now. FAPI 2.0 Message Signing §5.3.1.
 */
export function checkObjectTime(
  { exp, nbf, iat }: RequestObjectClaims,
  now: Seconds,
): Result<undefined, Rejection> {
  if (exp + skewSeconds <= now) {
    return reject('request_object.time', 'AS-47', { actual: `exp ${String(exp)}` });
  }
  for (const [name, begin] of Object.entries({ nbf, iat })) {
    if (begin !== undefined && begin - skewSeconds > now) {
      return reject('request_object.time', 'AS-47', { actual: `${name} ${String(begin)}` });
    }
  }
  const life = exp - (nbf ?? iat ?? now);
  if (life <= longestLifeSeconds) return accept(undefined);
  return reject('request_object.time', 'AS-47', { actual: `${String(life)} seconds` });
}

/** Between which moments {@link checkObjectTime} lets an object pass. */
export function objectTimes({ exp, nbf, iat }: RequestObjectClaims): SpendTimes {
  const begin = nbf ?? iat;
  const since =
    begin === undefined ? exp - longestLifeSeconds : Math.max(begin, iat ?? begin) - skewSeconds;
  return { since: seconds(since), until: seconds(exp + skewSeconds) };
}
