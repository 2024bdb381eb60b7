import type {
  ClientRecord,
  InteractionRecord,
  PushedRequestRecord,
  RefreshTokenRecord,
  RefreshUse,
  SessionRecord,
} from '@keybound/authorization-server';
import { seconds, spendOf, type Seconds, type Spend } from '@keybound/core';
import { at, newName, refreshToken, T0 } from './family.js';

const request: InteractionRecord['request'] = {
  clientId: 'client',
  clientSource: 'registered',
  redirectUri: 'https://client.example/callback',
  responseMode: 'query',
  state: undefined,
  nonce: undefined,
  codeChallenge: undefined,
  scopes: ['openid'],
  resources: [],
  authorizationDetails: [],
  claims: undefined,
  prompt: undefined,
  maxAge: undefined,
  acrValues: [],
  idTokenHint: undefined,
  loginHint: undefined,
  uiLocales: [],
  display: undefined,
  dpopJkt: undefined,
  pushed: true,
  signed: false,
  slots: {},
};

export function pushedRequest(): PushedRequestRecord {
  return { hash: newName(), clientId: 'client', request, expiresAt: at(60) };
}

export function interaction(own: Partial<InteractionRecord> = {}): InteractionRecord {
  return {
    hash: newName(),
    version: 1,
    browserHash: newName(),
    request,
    pushedRequestHash: undefined,
    sessionHash: undefined,
    answered: { login: undefined, consent: undefined, rejected: false, ticketHash: undefined },
    expiresAt: at(600),
    ...own,
  };
}

export function client(own: Partial<ClientRecord> = {}): ClientRecord {
  return {
    id: `client_${newName()}`,
    version: 1,
    metadata: {
      redirect_uris: [],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      subject_type: 'public',
      id_token_signed_response_alg: 'ES256',
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      require_auth_time: false,
      dpop_bound_access_tokens: true,
      pop_bound_access_tokens: false,
      extensions: {},
    },
    secrets: [],
    registrationTokenHash: newName(),
    standing: 'unverified',
    createdAt: T0,
    unusedExpiresAt: undefined,
    ...own,
  };
}

export function session(own: Partial<SessionRecord> = {}): SessionRecord {
  return {
    hash: newName(),
    sid: newName(),
    subject: 'alice',
    authTime: T0,
    acr: undefined,
    amr: [],
    clientIds: [],
    lastSeenAt: T0,
    expiresAt: at(3_600),
    ...own,
  };
}

/** A use by which a successor takes the token's place. */
export function rotation(
  token: RefreshTokenRecord,
  own: Partial<RefreshUse> = {},
): RefreshUse & { readonly successor: RefreshTokenRecord } {
  const { hash, grantId: id, clientId } = token;
  return {
    hash,
    graceSeconds: 10,
    idleExpiresAt: at(3_600),
    binding: undefined,
    accessToken: undefined,
    now: T0,
    ...own,
    successor: refreshToken({ id, clientId }, { parentHash: hash }),
  };
}

/** Good from `since` on for a minute. */
export function spend(since: Seconds = T0): Promise<Spend> {
  return spendOf('spec', [crypto.randomUUID()], { since, until: seconds(since + 60) });
}
