import { seconds, type Seconds } from '@keybound/core';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import { freshName, freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type {
  CodeRecord,
  GrantRecord,
  InteractionProgress,
  RememberedConsent,
} from '../storage/grant-records.js';
import { grantableScopes } from './grantable-scopes.js';
import type { UserLogin } from './user-login.js';

/** An authorization in which everybody who had to be asked was asked. */
export interface SettledAuthorization {
  readonly request: AuthorizationRequest;
  readonly client: Client;
  /** With the session that the browser is left with. */
  readonly login: UserLogin;
  /** What the user allowed just now; undefined where nobody was asked. */
  readonly consent: InteractionProgress['consent'];
  readonly interactionHash: string | undefined;
  readonly pushedRequestHash: string | undefined;
  readonly now: Seconds;
}

/**
 * Records what was allowed, and issues the code for it; in the same step the interaction and the
 * pushed request end (AS-29).
 *
 * @returns Undefined, and nothing is issued, where one of them had ended already.
 */
export async function issueCode(
  context: ServerContext,
  settled: SettledAuthorization,
): Promise<string | undefined> {
  const code = freshSecret('code');
  const grant = grantOf(context, settled);
  const completed = await context.stores.grants.completeAuthorization({
    interactionHash: settled.interactionHash,
    pushedRequestHash: settled.pushedRequestHash,
    grant,
    code: codeRecordOf(context, settled, { grantId: grant.id, hash: await hashOf(code) }),
    consent: settled.consent?.remember === true ? rememberedOf(grant) : undefined,
    now: settled.now,
  });
  return completed ? code : undefined;
}

function grantOf(context: ServerContext, settled: SettledAuthorization): GrantRecord {
  const { request, client, login, consent, now } = settled;
  const { subject, authTime, acr, amr, sid } = login;
  const scopes = consent?.scopes ?? grantableScopes(request, client);
  return {
    id: freshName('grant'),
    clientId: client.id,
    clientSource: client.source,
    localSubject: subject,
    login: { authTime, acr, amr, sid },
    ...(request.maxAge !== undefined && { maxAge: request.maxAge }),
    scopes,
    resources: request.resources,
    authorizationDetails: consent?.authorizationDetails ?? request.authorizationDetails,
    claims: request.claims,
    slots: request.slots,
    offline: scopes.includes('offline_access'),
    createdAt: now,
    expiresAt: seconds(now + context.configuration.refreshTokens.absoluteSeconds),
  };
}

/** AS-17: bound to everything that the request said of it. */
function codeRecordOf(
  context: ServerContext,
  settled: SettledAuthorization,
  { grantId, hash }: Pick<CodeRecord, 'grantId' | 'hash'>,
): CodeRecord {
  const { request, client } = settled;
  return {
    hash,
    kind: 'authorization_code',
    grantId,
    clientId: client.id,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
    dpopJkt: request.dpopJkt,
    expiresAt: untilCodeEnds(context, settled),
    failures: 0,
    redeemedAt: undefined,
    slots: request.slots,
  };
}

/** No code outlives the trust in its client. The grant may: each refresh asks for that trust anew. */
function untilCodeEnds(
  { configuration }: ServerContext,
  { client, now }: SettledAuthorization,
): Seconds {
  const { lifetimeSeconds } = configuration.codes;
  return seconds(Math.min(now + lifetimeSeconds, client.expiresAt ?? Infinity));
}

function rememberedOf(grant: GrantRecord): RememberedConsent {
  const { localSubject, clientId, scopes, resources, authorizationDetails, claims } = grant;
  return {
    localSubject,
    clientId,
    scopes,
    resources,
    authorizationDetails,
    claims,
    grantedAt: grant.createdAt,
  };
}
