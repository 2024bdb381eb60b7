import {
  accept,
  isMediaType,
  parseCompactJws,
  verifySignature,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const longestHint = 8_192;

/**
 * For whom the client expects to be answered: `sub` of an ID token that this server once gave it.
 * OpenID Connect Core §3.1.2.1. It may have expired; of another kind, issuer or client it is refused.
 */
export async function parseIdTokenHint(
  { keys, issuer }: ServerContext,
  { parameters, client }: EffectiveRequest,
): Promise<Result<{ readonly subject: string } | undefined, Rejection>> {
  const hint = parameters.one('id_token_hint');
  if (hint === undefined) return accept(undefined);
  const jws = parseCompactJws(hint, {
    accepts: (typ) => typ === undefined || isMediaType(typ, 'jwt'),
    algorithms: new Set(keys.algorithms),
    maxLength: longestHint,
  });
  if (!jws.ok) return refused(jws.failure.step);
  const { algorithm, kid } = jws.value.header;
  const key = await keys.source.find({ algorithm, kid });
  if (!key.ok) return refused(key.failure);
  const claims = await verifySignature(jws.value, key.value);
  if (!claims.ok) return refused(claims.failure.step);
  const { iss, aud, sub, iat, exp } = claims.value;
  // What tells it from a signed UserInfo response, which has all the rest (THR-09).
  if (typeof iat !== 'number' || typeof exp !== 'number') return refused('exp');
  if (iss !== issuer) return refused('iss');
  if (aud !== client.id && !(Array.isArray(aud) && aud.includes(client.id))) return refused('aud');
  if (typeof sub !== 'string' || sub === '') return refused('sub');
  return accept({ subject: sub });
}

function refused(actual: string): Result<never, Rejection> {
  return reject('authorization.id_token_hint', 'AS-173', { actual });
}
