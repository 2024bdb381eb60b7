import {
  accept,
  type HttpRequestView,
  type HttpUrl,
  type JsonObject,
  type JsonValue,
  type Rejection,
  type Result,
} from '@keybound/core';
import { reject } from './rejections.js';
import type { SignedRequestPolicy, SignedRequestProfile } from './signed-request-policy.js';

const hostAndPort = /^(\[[0-9a-f:.]+\]|[a-z0-9\-._~!$&'()*+,;=%]+)(?::([0-9]{1,5}))?$/i;

/** Verifies `m`, `u` and `p`, each where it is there. SHR §3, §5. */
export function checkRequestLine(
  payload: JsonObject,
  request: HttpRequestView,
  { requirePort, profile }: Pick<SignedRequestPolicy, 'requirePort' | 'profile'>,
): Result<undefined, Rejection> {
  const { m, u, p } = payload;
  if (m !== undefined && m !== request.method) {
    return reject('shr.m', 'SHR-03', { expected: request.method, actual: describe(m) });
  }
  if (u !== undefined && !namesHost(u, request.url, requirePort)) {
    return reject('shr.u', 'SHR-04', { expected: request.url.origin, actual: describe(u) });
  }
  const path = request.url.path === '' ? '/' : request.url.path;
  if (p !== undefined && !namesPath(p, path, profile)) {
    return reject('shr.p', 'SHR-05', { expected: path, actual: describe(p) });
  }
  return accept(undefined);
}

/** SHR-05: octet by octet, unless the profile says otherwise. */
function namesPath(value: JsonValue, path: string, profile: SignedRequestProfile): boolean {
  if (profile.pathComparison === 'exact') return value === path;
  return typeof value === 'string' && leniently(value) === leniently(path);
}

/** Folds ASCII alone: other letters are percent-encoded on the wire, and have no business here. */
function leniently(path: string): string {
  return withoutOuterSlashes(path).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** By index: a pattern for slashes at the end takes quadratic time. */
function withoutOuterSlashes(path: string): string {
  let start = 0;
  let end = path.length;
  while (start < end && path[start] === '/') start += 1;
  while (end > start && path[end - 1] === '/') end -= 1;
  return path.slice(start, end);
}

/** Letter case does not matter; a port that is not written stands for any, unless `requirePort`. */
function namesHost(value: JsonValue, url: HttpUrl, requirePort: boolean): boolean {
  if (typeof value !== 'string') return false;
  const match = hostAndPort.exec(value);
  if (match?.[1]?.toLowerCase() !== url.host) return false;
  if (match[2] !== undefined) return Number(match[2]) === url.port;
  return !requirePort || url.port === (url.origin.startsWith('https:') ? 443 : 80);
}

function describe(value: JsonValue): string {
  return typeof value === 'string' ? value : typeof value;
}
