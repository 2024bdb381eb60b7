import {
  accept,
  seconds,
  type JsonObject,
  type JsonValue,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import { reject } from './rejections.js';
import type { SignedRequestPolicy } from './signed-request-policy.js';

/** From when on and until when a request can be accepted. */
export interface Timeliness {
  readonly freshAt: Seconds;
  readonly staleAt: Seconds;
}

/** When a request can be accepted, and the nonce to hand out next. */
export interface Freshness extends Timeliness {
  readonly nextNonce: string | undefined;
}

/** Verifies `ts`. SHR §3; the window and its edges are SHR-26. */
export function checkTimestamp(
  payload: JsonObject,
  policy: SignedRequestPolicy,
  now: Seconds,
): Result<Timeliness | undefined, Rejection> {
  const { ts } = payload;
  if (ts === undefined) return accept(undefined);
  if (typeof ts !== 'number' || !Number.isInteger(ts)) return reject('shr.ts', 'SHR-02');
  const earliest = now - policy.maxAgeSeconds;
  const latest = now + policy.futureSkewSeconds;
  if (ts < earliest || ts > latest) {
    return reject('shr.ts', 'SHR-26', {
      expected: `${String(earliest)} to ${String(latest)}`,
      actual: String(ts),
    });
  }
  return accept({
    freshAt: seconds(ts - policy.futureSkewSeconds),
    staleAt: seconds(ts + policy.maxAgeSeconds + 1),
  });
}

/** Verifies `nonce` where the server demands its own. SHR-28. */
export function checkNonce(
  payload: JsonObject,
  policy: SignedRequestPolicy,
  now: Seconds,
  timely: Timeliness | undefined,
): Result<Freshness, Rejection> {
  const { nonce, jti } = payload;
  if (!isIdentifier(nonce) || !isIdentifier(jti)) {
    return reject('shr.nonce', 'SHR-27', { actual: 'not a string of at most 256 characters' });
  }
  if (policy.nonces.mode === 'off') {
    if (timely === undefined) return reject('shr.ts', 'SHR-02', { actual: 'absent' });
    return accept({ ...timely, nextNonce: undefined });
  }
  if (nonce === undefined) return reject('shr.nonce', 'SHR-28', { actual: 'no nonce' });
  const { server } = policy.nonces;
  const verdict = server.check(nonce, now);
  if (verdict.state !== 'current') return reject('shr.nonce', 'SHR-28', { actual: verdict.state });
  const { since, until } = verdict;
  return accept({
    freshAt: seconds(Math.max(since, timely?.freshAt ?? since)),
    staleAt: seconds(Math.min(until, timely?.staleAt ?? until)),
    nextNonce: server.issue(now),
  });
}

/** What names a request for replay: absent, or text short enough to be remembered. */
function isIdentifier(value: JsonValue | undefined): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= 256);
}
