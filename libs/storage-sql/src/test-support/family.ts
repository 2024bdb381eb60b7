import type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  RefreshTokenRecord,
} from '@keybound/authorization-server';
import { seconds, type Seconds } from '@keybound/core';

/** When everything was made. */
export const T0 = seconds(1_800_000_000);

export function at(offset: number): Seconds {
  return seconds(T0 + offset);
}

/** A name that nobody had before. */
export function newName(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

/** A grant, its code, and what comes of it. */
export interface Family {
  readonly grant: GrantRecord;
  readonly code: CodeRecord;
  readonly refreshToken: RefreshTokenRecord;
  readonly accessToken: AccessTokenRecord;
}

export function family(own: Partial<GrantRecord> = {}): Family {
  const grant: GrantRecord = {
    id: `grant_${newName()}`,
    clientId: `client_${newName()}`,
    clientSource: 'registered',
    localSubject: `user_${newName()}`,
    login: undefined,
    scopes: ['openid'],
    resources: [],
    authorizationDetails: [],
    claims: undefined,
    slots: {},
    offline: true,
    createdAt: T0,
    expiresAt: at(86_400),
    ...own,
  };
  const { id: grantId, clientId } = grant;
  const code: CodeRecord = {
    hash: newName(),
    kind: 'authorization_code',
    grantId,
    clientId,
    redirectUri: undefined,
    codeChallenge: undefined,
    nonce: undefined,
    dpopJkt: undefined,
    expiresAt: at(60),
    failures: 0,
    redeemedAt: undefined,
    slots: {},
  };
  return { grant, code, refreshToken: refreshToken(grant), accessToken: accessToken(grant) };
}

export function refreshToken(
  { id, clientId }: Pick<GrantRecord, 'id' | 'clientId'>,
  own: Partial<RefreshTokenRecord> = {},
): RefreshTokenRecord {
  return {
    hash: newName(),
    grantId: id,
    clientId,
    parentHash: undefined,
    boundTo: undefined,
    binding: undefined,
    mustBeBound: false,
    createdAt: T0,
    lastUsedAt: T0,
    idleExpiresAt: at(3_600),
    retiredAt: undefined,
    ...own,
  };
}

export function accessToken(
  grant: Pick<GrantRecord, 'id' | 'clientId'> | undefined,
  own: Partial<AccessTokenRecord> = {},
): AccessTokenRecord {
  return {
    hash: newName(),
    jti: `at_${newName()}`,
    grantId: grant?.id,
    clientId: grant?.clientId ?? 'client',
    claims: {},
    expiresAt: at(300),
    ...own,
  };
}
