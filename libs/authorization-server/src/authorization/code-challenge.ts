import { accept, type Rejection, type Result } from '@keybound/core';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const s256 = /^[A-Za-z0-9_-]{43}$/;

/**
 * PKCE, for every client and by S256 alone: no method means `plain`. RFC 7636 §4.3, OAuth 2.1 §4.1.1.
 *
 * Where it is optional, a request with any part of it is still judged in full.
 */
export function parseCodeChallenge({
  parameters,
  client,
}: EffectiveRequest): Result<string | undefined, Rejection> {
  const challenge = parameters.one('code_challenge');
  const method = parameters.one('code_challenge_method');
  if (challenge === undefined) {
    const optional = method === undefined && client.relaxations.has('optional-pkce');
    return optional ? accept(undefined) : reject('authorization.code_challenge', 'AS-10');
  }
  if (method !== 'S256') {
    return reject('authorization.code_challenge', 'AS-11', { actual: method ?? 'no method' });
  }
  if (challenge.length === 43 && s256.test(challenge)) return accept(challenge);
  return reject('authorization.code_challenge', 'AS-11', { actual: String(challenge.length) });
}
