import {
  accept,
  isThumbprint,
  type JsonObject,
  type JsonValue,
  type PublicJwk,
  type Rejection,
  type Result,
  type Thumbprint,
} from '@keybound/core';
import type { BindingContext, TokenBinding } from '../../extension/token-binder.js';
import type { TokenRequest } from '../../extension/token-request.js';
import { checkRequestedJwk } from './check-requested-jwk.js';
import type { Dialect, KeyDistributionPolicy } from './key-distribution-policy.js';
import { negotiateAlgorithm } from './negotiate-algorithm.js';
import { popBinding } from './pop-binding.js';
import { registeredKey } from './registered-key.js';
import { reject } from './rejections.js';
import type { RequestedKey } from './requested-key.js';

/** A key whose place in the token is clear. */
interface ConfirmedKey {
  readonly cnf: JsonObject;
  readonly thumbprint: Thumbprint;
  /** Undefined where the client named a thumbprint alone. */
  readonly jwk: PublicJwk | undefined;
  readonly dialect: Dialect;
}

/** What a request says of the key that it wants. */
export interface KeyWish {
  readonly key: RequestedKey;
  readonly dialect: 'kd-01' | 'kd-07';
  readonly algorithms: readonly string[] | undefined;
}

/** Binds a token to the public key that its client showed or named, exactly. KD-05, KD-07. */
export async function bindRequestedKey(
  wish: KeyWish,
  { client }: Pick<TokenRequest, 'client'>,
  { audiences }: Pick<BindingContext, 'audiences'>,
  policy: KeyDistributionPolicy,
): Promise<Result<TokenBinding, Rejection>> {
  const confirmed = await confirmedKey(wish, client, policy);
  if (!confirmed.ok) return confirmed;
  const { cnf, thumbprint, jwk, dialect } = confirmed.value;
  const algorithm = negotiateAlgorithm(wish.algorithms, audiences, policy, jwk);
  if (!algorithm.ok) return algorithm;
  const responseMembers: Record<string, JsonValue> = {};
  if (dialect === 'kd-01') responseMembers['alg'] = algorithm.value;
  const resourceKey = dialect === 'kd-07' ? confirmationOf(audiences, policy) : undefined;
  if (resourceKey !== undefined) responseMembers['rs_cnf'] = { jwk: { ...resourceKey } };
  const possession = policy.requireKeyProof.has(dialect) ? 'asked-needs-proof' : 'asked';
  return accept(popBinding({ cnf, thumbprint, possession, responseMembers }));
}

/** A key that is shown, or registered, stands in the token; MSAL's is known by its thumbprint alone. */
async function confirmedKey(
  { key, dialect }: KeyWish,
  client: TokenRequest['client'],
  { dialects, algorithms }: KeyDistributionPolicy,
): Promise<Result<ConfirmedKey, Rejection>> {
  const isOn = dialects.has(dialect);
  if (isOn && key.form === 'jwk') {
    const sound = await checkRequestedJwk(key.jwk);
    return sound.ok ? accept({ ...inToken(sound.value), dialect }) : sound;
  }
  if (key.form === 'jwk') return reject('key_distribution.dialect', 'KD-13', { actual: dialect });
  const { kid } = key;
  const registered = isOn ? await registeredKey(client, kid, algorithms) : undefined;
  if (registered !== undefined) return accept({ ...inToken(registered), dialect });
  if (dialect === 'kd-07' && dialects.has('microsoft') && isThumbprint(kid)) {
    return accept({ cnf: { kid }, thumbprint: kid, jwk: undefined, dialect: 'microsoft' });
  }
  return reject('key_distribution.unknown_key', 'KD-07', { actual: kid });
}

/** KD-05: only the members that {@link PublicJwk} has. */
function inToken({
  jwk,
  thumbprint,
}: {
  readonly jwk: PublicJwk;
  readonly thumbprint: Thumbprint;
}) {
  return { cnf: { jwk: { ...jwk } }, thumbprint, jwk };
}

/** KD-19: the resource's own key, where there is one resource. */
function confirmationOf(
  audiences: readonly string[],
  { resources }: KeyDistributionPolicy,
): PublicJwk | undefined {
  const [audience, ...others] = audiences;
  if (audience === undefined || others.length > 0) return undefined;
  return resources.get(audience)?.confirmation;
}
