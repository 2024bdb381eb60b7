import type { JsonObject } from '@keybound/core';
import type {
  AccessTokenRecord,
  AuthorizationCompletion,
  CodeRecord,
  GrantRecord,
  InteractionRecord,
  PushedRequestRecord,
  RefreshTokenRecord,
  RefreshUse,
  RememberedConsent,
} from '@keybound/authorization-server';
import { randomName } from '../random-name.js';
import { at, awkwardText } from '../store-contract.js';

type Changes<Of> = Partial<Of>;

const day = 86_400;

/** As long as they may be, where that may matter to a store. */
export const longestSubject = (): string => `${'s'.repeat(212)}${randomName()}`;
export const longestClientId = (): string =>
  `https://client.example/${'c'.repeat(1_982)}${randomName()}`;

/** What a plug-in or a client may have put into a record: any JSON. */
const anyJson = JSON.parse(
  `{"__proto__":{"a":1},"constructor":"x","list":[null,true,1.5,-0.1,1e300,"",{}],"deep":{"a":{"b":[[]]}},"text":${JSON.stringify(awkwardText)}}`,
) as JsonObject;

export function request(
  changes: Changes<InteractionRecord['request']> = {},
): InteractionRecord['request'] {
  return {
    clientId: 'client-1',
    clientSource: 'registered',
    redirectUri: 'https://client.example/callback?x=1',
    responseMode: 'query',
    state: awkwardText,
    nonce: awkwardText,
    codeChallenge: randomName(),
    scopes: ['openid', 'offline_access'],
    resources: ['https://api.example.com'],
    authorizationDetails: [{ ...anyJson, type: 'anything' }],
    claims: { userinfo: { email: { essential: true, values: undefined } }, id_token: {} },
    prompt: ['login', 'consent'],
    maxAge: 0,
    acrValues: [],
    idTokenHint: { subject: 'alice' },
    loginHint: undefined,
    uiLocales: ['de-CH'],
    display: undefined,
    dpopJkt: undefined,
    pushed: true,
    signed: false,
    slots: { 'any.slot': anyJson },
    ...changes,
  };
}

export function pushedRequest(changes: Changes<PushedRequestRecord> = {}): PushedRequestRecord {
  const clientId = 'client-1';
  return {
    hash: randomName(),
    clientId,
    request: request({ clientId }),
    expiresAt: at(60),
    ...changes,
  };
}

export function interaction(changes: Changes<InteractionRecord> = {}): InteractionRecord {
  return {
    hash: randomName(),
    version: 1,
    browserHash: randomName(),
    request: request(),
    pushedRequestHash: undefined,
    sessionHash: undefined,
    answered: { login: undefined, consent: undefined, rejected: false, ticketHash: undefined },
    expiresAt: at(600),
    ...changes,
  };
}

export function grant(changes: Changes<GrantRecord> = {}): GrantRecord {
  return {
    id: `grant_${randomName()}`,
    clientId: `client_${randomName()}`,
    clientSource: 'registered',
    localSubject: `user ${randomName()}`,
    login: { authTime: at(-1), acr: undefined, amr: ['pwd'], sid: randomName() },
    scopes: ['openid'],
    resources: [],
    authorizationDetails: [{ ...anyJson, type: 'anything' }],
    claims: undefined,
    slots: { 'any.slot': anyJson },
    offline: true,
    createdAt: at(0),
    expiresAt: at(30 * day),
    ...changes,
  };
}

export function code(of: GrantRecord, changes: Changes<CodeRecord> = {}): CodeRecord {
  return {
    hash: randomName(),
    kind: 'authorization_code',
    grantId: of.id,
    clientId: of.clientId,
    redirectUri: 'https://client.example/callback',
    codeChallenge: randomName(),
    nonce: awkwardText,
    dpopJkt: undefined,
    expiresAt: at(60),
    failures: 0,
    redeemedAt: undefined,
    slots: { 'any.slot': anyJson },
    ...changes,
  };
}

export function refreshToken(
  of: Pick<GrantRecord, 'id' | 'clientId'>,
  changes: Changes<RefreshTokenRecord> = {},
): RefreshTokenRecord {
  return {
    hash: randomName(),
    grantId: of.id,
    clientId: of.clientId,
    parentHash: undefined,
    boundTo: undefined,
    binding: { by: 'dpop', cnf: anyJson, tokenType: 'DPoP', thumbprint: undefined },
    mustBeBound: true,
    createdAt: at(0),
    lastUsedAt: at(0),
    idleExpiresAt: at(14 * day),
    retiredAt: undefined,
    ...changes,
  };
}

export function accessToken(
  of: Pick<GrantRecord, 'id' | 'clientId'> | undefined,
  changes: Changes<AccessTokenRecord> = {},
): AccessTokenRecord {
  return {
    hash: randomName(),
    jti: `at_${randomName()}`,
    grantId: of?.id,
    clientId: of?.clientId ?? 'client-1',
    claims: { sub: 'alice', ...anyJson },
    expiresAt: at(day),
    ...changes,
  };
}

export function consent(changes: Changes<RememberedConsent> = {}): RememberedConsent {
  return {
    localSubject: `user ${randomName()}`,
    clientId: `client_${randomName()}`,
    scopes: ['openid'],
    resources: ['https://api.example.com'],
    authorizationDetails: [{ ...anyJson, type: 'anything' }],
    claims: { userinfo: {}, id_token: { email: { essential: false, values: ['a', 1, true] } } },
    grantedAt: at(0),
    ...changes,
  };
}

/** Completes with a new grant and code, unless they are given. */
export function completion(
  changes: Changes<AuthorizationCompletion> = {},
): AuthorizationCompletion {
  const newGrant = changes.grant ?? grant();
  return {
    interactionHash: undefined,
    pushedRequestHash: undefined,
    grant: newGrant,
    code: code(newGrant),
    consent: undefined,
    now: at(0),
    ...changes,
  };
}

/** A use by which a successor takes the token's place. */
export function rotation(
  of: RefreshTokenRecord,
  changes: Changes<Omit<RefreshUse, 'successor' | 'hash'>> = {},
): RefreshUse & { readonly successor: RefreshTokenRecord } {
  const createdAt = changes.now ?? at(0);
  const successor = refreshToken(
    { id: of.grantId, clientId: of.clientId },
    { parentHash: of.hash, createdAt, lastUsedAt: createdAt },
  );
  return { ...plainUse(of), ...changes, successor };
}

/** A use after which the token is the same. */
export function plainUse(
  of: RefreshTokenRecord,
  changes: Changes<Omit<RefreshUse, 'successor' | 'hash'>> = {},
): RefreshUse {
  return {
    hash: of.hash,
    successor: undefined,
    graceSeconds: 10,
    idleExpiresAt: at(14 * day),
    binding: undefined,
    accessToken: undefined,
    now: at(0),
    ...changes,
  };
}
