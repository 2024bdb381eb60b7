import type {
  CodeRecord,
  GrantRecord,
  GrantStore,
  RefreshTokenRecord,
} from '@keybound/authorization-server/extension';
import { seconds } from '@keybound/core';
import { hash } from '../messages.js';
import { randomName } from '../random-name.js';
import { T0 } from '../scene.js';

/** The example of RFC 7636 Appendix B. */
export const pkce = {
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
} as const;

/** What alice allowed `public-1` at T0. */
export function grantRecord(own: Partial<GrantRecord> = {}): GrantRecord {
  return {
    id: `grant_${randomName()}`,
    clientId: 'public-1',
    clientSource: 'configured',
    localSubject: 'alice',
    login: { authTime: seconds(T0 - 30), acr: undefined, amr: ['pwd'], sid: 'sid-1' },
    scopes: ['openid', 'api:read', 'api:write', 'offline_access'],
    resources: [],
    authorizationDetails: [],
    claims: undefined,
    slots: {},
    offline: true,
    createdAt: T0,
    expiresAt: seconds(T0 + 2_592_000),
    ...own,
  };
}

/** A grant as the authorization endpoint would have saved it, and a code for it. @returns The code. */
export async function savedCode(
  grants: GrantStore,
  ownGrant: Partial<GrantRecord> = {},
  ownCode: Partial<CodeRecord> = {},
): Promise<string> {
  const code = `code_${randomName()}`;
  const grant = grantRecord(ownGrant);
  await grants.saveGrantWithCode(grant, {
    hash: hash(code),
    kind: 'authorization_code',
    grantId: grant.id,
    clientId: grant.clientId,
    redirectUri: 'https://client.example/cb',
    codeChallenge: pkce.challenge,
    nonce: 'n-1',
    dpopJkt: undefined,
    expiresAt: seconds(T0 + 60),
    failures: 0,
    redeemedAt: undefined,
    slots: {},
    ...ownCode,
  });
  return code;
}

/** A grant whose code was redeemed for a refresh token. @returns The refresh token. */
export async function savedRefreshToken(
  grants: GrantStore,
  ownGrant: Partial<GrantRecord> = {},
  ownToken: Partial<RefreshTokenRecord> = {},
): Promise<string> {
  const grant = grantRecord(ownGrant);
  const code = await savedCode(grants, grant);
  const token = `rt_${randomName()}`;
  const refreshToken: RefreshTokenRecord = {
    hash: hash(token),
    grantId: grant.id,
    clientId: grant.clientId,
    parentHash: undefined,
    boundTo: undefined,
    binding: undefined,
    mustBeBound: false,
    createdAt: T0,
    lastUsedAt: T0,
    idleExpiresAt: seconds(T0 + 1_209_600),
    retiredAt: undefined,
    ...ownToken,
  };
  await grants.redeemCode(hash(code), { refreshToken, accessToken: undefined }, T0);
  return token;
}
