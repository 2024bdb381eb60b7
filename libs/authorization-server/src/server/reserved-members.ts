import { contributions } from './additions-of.js';

const registered = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'];
const login = ['auth_time', 'acr', 'amr', 'sid'];

/** What the server puts there itself. RFC 9068 §2.2, OpenID Connect Core §2, §5.3.2, OAuth 2.1 §3.2.3. */
const reserved: Readonly<Record<keyof typeof contributions, readonly string[]>> = {
  accessTokenClaims: [
    ...registered,
    ...login,
    'client_id',
    'scope',
    'cnf',
    'authorization_details',
    'act',
    'may_act',
    'grant_id',
    'active',
    'token_type',
    'username',
  ],
  idTokenClaims: [
    ...registered,
    ...login,
    'nonce',
    'azp',
    'at_hash',
    'c_hash',
    's_hash',
    'cnf',
    'events',
  ],
  userInfoClaims: [...registered, 'active'],
  tokenResponse: [
    'access_token',
    'token_type',
    'expires_in',
    'refresh_token',
    'scope',
    'id_token',
    'issued_token_type',
    'authorization_details',
    'cnf',
    'key',
    'alg',
    'rs_cnf',
    'error',
    'error_description',
  ],
};

/** AS-182: members that no plug-in may add, said as `additionsOf` says them. */
export const reservedMembers: readonly string[] = Object.entries(reserved).flatMap(
  ([kind, members]) =>
    members.map((member) => `${contributions[kind as keyof typeof contributions]} "${member}"`),
);
