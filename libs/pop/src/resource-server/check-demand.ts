import { accept, refuse, type Rejection, type Result, type Seconds } from '@keybound/core';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import type { PopDemand } from './pop-demand.schema.js';
import { reject } from './rejections.js';

/**
 * Checks what a route asks of a token that is valid and proven: scopes (RFC 6750 §3.1), then how and
 * when the user authenticated (RFC 9470). Asked last, so that strangers do not learn it.
 */
export function checkDemand(
  token: VerifiedAccessToken,
  demand: PopDemand,
  leewaySeconds: number,
  now: Seconds,
): Result<undefined, Rejection> {
  const scope = demand.scopes.find((name) => !token.scopes.has(name));
  if (scope !== undefined) return reject('resource.scope', 'RS-41', { expected: scope });
  const { acrValues, maxAuthenticationAgeSeconds } = demand;
  const { acr, auth_time: authenticatedAt } = token.claims;
  if (acrValues !== undefined && !(typeof acr === 'string' && acrValues.includes(acr))) {
    return tooWeak(demand, { expected: acrValues.join(' '), actual: describe(acr) });
  }
  if (maxAuthenticationAgeSeconds === undefined) return accept(undefined);
  const recent =
    typeof authenticatedAt === 'number' &&
    now - authenticatedAt <= maxAuthenticationAgeSeconds + leewaySeconds;
  if (recent) return accept(undefined);
  return tooWeak(demand, {
    expected: `auth_time within ${String(maxAuthenticationAgeSeconds)} s`,
    actual: describe(authenticatedAt),
  });
}

function tooWeak(demand: PopDemand, detail: Rejection['detail']): Result<undefined, Rejection> {
  const { acrValues, maxAuthenticationAgeSeconds: maxAge } = demand;
  const remedy: (readonly [string, string])[] = [];
  if (acrValues !== undefined) remedy.push(['acr_values', acrValues.join(' ')]);
  if (maxAge !== undefined) remedy.push(['max_age', String(maxAge)]);
  return refuse({ ...reject('resource.authentication', 'RS-39', detail).failure, remedy });
}

function describe(claim: unknown): string {
  return typeof claim === 'string' || typeof claim === 'number' ? String(claim) : typeof claim;
}
