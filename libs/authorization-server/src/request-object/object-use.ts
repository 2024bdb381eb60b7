import { spendOf } from '@keybound/core';
import type { SingleUse } from '../extension/single-use.js';
import { objectTimes } from './check-object-time.js';
import { reject } from './rejections.js';
import type { RequestObjectClaims } from './request-object-claims.schema.js';

/**
 * What accepting a request object uses up: the client's `jti`, where it set one. AS-50.
 *
 * It is spent when the request is accepted: by the pushed-request endpoint before it hands out a
 * request URI, by the authorization endpoint before the user is asked. So a link with an object in it
 * opens once; whoever wants more pushes it, and the request URI lives until its authorization ends.
 */
export async function objectUse(claims: RequestObjectClaims): Promise<readonly SingleUse[]> {
  const { client_id, jti } = claims;
  if (jti === undefined) return [];
  const spend = await spendOf('request-object', [client_id, jti], objectTimes(claims));
  return [{ spend, replayed: reject('request_object.replayed', 'AS-50').failure }];
}
