import {
  accept,
  isJsonObject,
  isMediaType,
  parseCompactJws,
  verifySignature,
  type JsonObject,
  type KeySource,
  type Rejection,
  type Result,
  type Seconds,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { reject } from './rejections.js';

/** Whose signed introspection responses are believed, and for whom they must be. */
export interface SignedIntrospectionPolicy {
  readonly issuer: string;
  readonly keys: KeySource;
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
  /** This resource server, as the issuer knows it. */
  readonly audience: string;
}

const maxLength = 65_536;
const maxAgeSeconds = 60;

/** Checks a signed introspection response: `typ`, signature, `iss`, `aud`, `iat`. RFC 9701 §5, §8.1. */
export async function checkSignedIntrospection(
  jwt: string,
  { issuer, keys, algorithms, audience }: SignedIntrospectionPolicy,
  now: Seconds,
): Promise<Result<JsonObject, Rejection>> {
  const accepts = (typ: unknown): boolean => isMediaType(typ, 'token-introspection+jwt');
  const opened = parseCompactJws(jwt, { accepts, algorithms, maxLength });
  if (!opened.ok) return unbelievable(opened.failure.step);
  const { algorithm, kid } = opened.value.header;
  const key = await keys.find({ algorithm, kid });
  if (!key.ok) return unbelievable(key.failure);
  const verified = await verifySignature(opened.value, key.value);
  if (!verified.ok) return unbelievable(verified.failure.step);
  const { iss, aud, iat, token_introspection: answer } = verified.value;
  if (iss !== issuer) return unbelievable('iss');
  if (!(Array.isArray(aud) ? aud : [aud]).includes(audience)) return unbelievable('aud');
  if (typeof iat !== 'number' || Math.abs(now - iat) > maxAgeSeconds) return unbelievable('iat');
  return isJsonObject(answer) ? accept(answer) : unbelievable('token_introspection');
}

function unbelievable(actual: string) {
  return reject('token.introspection', 'RS-28', { actual });
}
