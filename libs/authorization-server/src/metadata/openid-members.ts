import type { JsonObject } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';

/** Claims of an ID token that are there without being asked for, or follow from the login. */
const ownClaims = ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce'];

/** What OpenID Connect adds. Discovery §3, Initiating User Registration §4. */
export function openIdMembers({ configuration, extensions, keys }: ServerContext): JsonObject {
  const released = Object.values(configuration.scopes).flat();
  const contributed = extensions.contributors.flatMap(({ idTokenClaims, userInfoClaims }) => [
    ...(idTokenClaims?.members ?? []),
    ...(userInfoClaims?.members ?? []),
  ]);
  return {
    subject_types_supported:
      configuration.pairwiseSubjects === 'off' ? ['public'] : ['public', 'pairwise'],
    id_token_signing_alg_values_supported: [...keys.algorithms],
    userinfo_signing_alg_values_supported: [...keys.algorithms],
    claims_supported: [...ownClaims, ...released, ...contributed],
    claims_parameter_supported: true,
    acr_values_supported: configuration.acrValues,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
  };
}
