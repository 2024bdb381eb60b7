import {
  accept,
  seconds,
  type JsonObject,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { IssuingContext } from '../extension/contributor.js';
import type { PeekedGrant } from '../extension/grant.js';
import type { TokenBinding } from '../extension/token-binder.js';
import type { ServerContext } from '../server/server-context.js';
import { releasedClaims } from '../user-info/released-claims.js';
import { makeAccessToken, type AccessToken } from './access-token.js';
import { contributed } from './contributed.js';
import { makeIdToken, type IdTokenTerms } from './id-token.js';
import { reject } from './rejections.js';
import { subjectIdentifier } from './subject-identifier.js';

/** What one token request asks for, of what its grant allows. */
export interface NarrowedGrant {
  /** What the client may do, at whichever resource. */
  readonly grantedScopes: readonly string[];
  /** Those of them that mean something where the access token goes. */
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  readonly authorizationDetails: readonly AuthorizationDetail[];
}

/** Tokens that are signed, and not yet handed out. */
export interface IssuedTokens {
  readonly accessToken: AccessToken;
  readonly expiresAt: Seconds;
  readonly idToken: string | undefined;
  /** What contributors add to the response. */
  readonly responseMembers: JsonObject;
}

/** For whom tokens are, by what right, and to what key they are bound. */
export interface IssuingOrder {
  readonly client: Client;
  readonly grant: PeekedGrant;
  readonly narrowed: NarrowedGrant;
  readonly binding: TokenBinding | undefined;
  readonly now: Seconds;
}

/** Signs the tokens of one request. Keeps no state; nothing is recorded or spent. */
export async function issueTokens(
  context: ServerContext,
  order: IssuingOrder,
): Promise<Result<IssuedTokens, Rejection>> {
  const { client, grant, now } = order;
  const expiresAt = endOf(context, client, grant, now);
  if (expiresAt <= now) {
    return reject('issuing.over', 'AS-122', { expected: `an end after ${String(now)}` });
  }
  const issuing = issuingContext(order, await subOf(context, client, grant));
  const released = await releasedTo(context, issuing);
  if (!released.ok) return released;
  const terms = { grantId: grant.grantId, expiresAt };
  const made = await makeAccessToken(context, issuing, terms);
  if (!made.ok) return made;
  const accessToken = made.value;
  const idToken = await idTokenFor(context, order, issuing, {
    accessToken: accessToken.value,
    released: released.value,
  });
  const { contributors } = context.extensions;
  const responseMembers = await contributed(contributors, 'tokenResponse', issuing);
  return accept({ accessToken, expiresAt, idToken, responseMembers });
}

function issuingContext(
  { client, grant, narrowed, binding, now }: IssuingOrder,
  sub: string,
): IssuingContext {
  return {
    client,
    subject: grant.subject,
    sub,
    scopes: narrowed.scopes,
    audiences: narrowed.audiences,
    authorizationDetails: narrowed.authorizationDetails,
    claims: grant.claims,
    binding,
    slots: grant.slots,
    now,
  };
}

/** AS-160: for a user who logged in, where the client asked for `openid`. */
async function idTokenFor(
  context: ServerContext,
  { grant, narrowed: { grantedScopes } }: IssuingOrder,
  issuing: IssuingContext,
  content: Pick<IdTokenTerms, 'accessToken' | 'released'>,
): Promise<string | undefined> {
  const { subject, nonce, maxAge } = grant;
  if (subject.kind !== 'user' || !grant.idToken || !grantedScopes.includes('openid')) {
    return undefined;
  }
  const terms = { ...content, nonce, maxAge, login: subject.login };
  return makeIdToken(context, { ...issuing, scopes: grantedScopes }, terms);
}

/** AS-122: the configured lifetime, the end of the grant, or that of the trust in the client. */
function endOf(context: ServerContext, client: Client, grant: PeekedGrant, now: Seconds): Seconds {
  const { lifetimeSeconds } = context.configuration.accessTokens;
  const ends = [grant.expiresAt ?? Infinity, client.expiresAt ?? Infinity];
  return seconds(Math.floor(Math.min(now + lifetimeSeconds, ...ends)));
}

async function subOf(
  context: ServerContext,
  client: Client,
  { subject }: PeekedGrant,
): Promise<string> {
  return subject.kind === 'client'
    ? client.id
    : subjectIdentifier(context, client, subject.localSubject);
}

/** What an ID token may say of the user, who must still be there: nothing is issued otherwise. */
async function releasedTo(
  context: ServerContext,
  { client, subject, sub, scopes, claims }: IssuingContext,
): Promise<Result<JsonObject, Rejection>> {
  if (subject.kind === 'client') return accept({});
  const about = { client, localSubject: subject.localSubject, sub, scopes, claims };
  const released = await releasedClaims(context, about, 'id_token');
  return released === undefined ? reject('issuing.user_gone', 'AS-69') : accept(released);
}
