import { accept, isThumbprint, type Rejection, type Result, type Thumbprint } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/**
 * The key that the code will be bound to: of `dpop_jkt` (RFC 9449 §10), of the proof that came with
 * a pushed request, or of both, which then must agree (§10.1). Where DPoP is off, `dpop_jkt` is a
 * parameter like any unknown one.
 */
export function parseBoundKey(
  { dpop }: ServerContext,
  { parameters, provenKey }: EffectiveRequest,
): Result<Thumbprint | undefined, Rejection> {
  const named = dpop === undefined ? undefined : parameters.one('dpop_jkt');
  if (named === undefined) return accept(provenKey);
  if (!isThumbprint(named)) return reject('authorization.dpop_jkt', 'DPOP-36', { actual: named });
  if (provenKey === undefined || provenKey === named) return accept(named);
  return reject('authorization.dpop_jkt', 'DPOP-40', { expected: provenKey, actual: named });
}
