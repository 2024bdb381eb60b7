import {
  accept,
  encryptCompactJwe,
  freshMacKey,
  type JsonValue,
  type OctJwk,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { BindingContext, TokenBinding } from '../../extension/token-binder.js';
import type { TokenRequest } from '../../extension/token-request.js';
import type { KeyDistributionPolicy } from './key-distribution-policy.js';
import { popBinding } from './pop-binding.js';
import { reject } from './rejections.js';

/**
 * Binds a token to a symmetric key that is made for it alone. KD-08, KD-09, KD-12, KD-22.
 *
 * The client gets the key in the answer, the one resource gets it inside the token, encrypted; the
 * server keeps nothing of it.
 */
export async function bindFreshKey(
  dialect: 'kd-01' | 'kd-07',
  { parameters }: Pick<TokenRequest, 'parameters'>,
  { audiences }: Pick<BindingContext, 'audiences'>,
  { dialects, resources }: KeyDistributionPolicy,
): Promise<Result<TokenBinding, Rejection>> {
  if (!dialects.has(dialect)) {
    return reject('key_distribution.dialect', 'KD-06', { actual: dialect });
  }
  const named = ['resource', 'aud', 'audience'].some((name) => parameters.one(name) !== undefined);
  if (!named) return reject('key_distribution.target', 'KD-12', { actual: 'none' });
  const [audience, ...others] = audiences;
  if (audience === undefined || others.length > 0) {
    return reject('key_distribution.target', 'KD-22', { actual: audiences.join(' ') });
  }
  const encryptionKey = resources.get(audience)?.encryptionKey;
  if (encryptionKey === undefined) {
    return reject('key_distribution.target', 'KD-09', { actual: audience });
  }
  const key = freshMacKey();
  const jwe = await encryptCompactJwe(JSON.stringify(key), encryptionKey, { cty: 'jwk+json' });
  const responseMembers = handOut(key, dialect);
  return accept(
    popBinding({ cnf: { jwe }, thumbprint: undefined, possession: 'asked', responseMembers }),
  );
}

/** -01 §4.2 hands the key out as text, -07 §4.1.2 and RFC 9201 §3.2 as a confirmation. */
function handOut(key: OctJwk, dialect: 'kd-01' | 'kd-07'): Readonly<Record<string, JsonValue>> {
  if (dialect === 'kd-07') return { cnf: { jwk: { ...key } } };
  return { alg: key.alg, key: JSON.stringify(key) };
}
