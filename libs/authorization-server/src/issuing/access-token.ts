import {
  accept,
  signCompactJws,
  type JsonObject,
  type Refused,
  type Rejection,
  type Result,
  type Seconds,
} from '@keybound/core';
import type { IssuingContext } from '../extension/contributor.js';
import { freshName, freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { AccessTokenRecord } from '../storage/grant-records.js';
import { contributed } from './contributed.js';
import { lengthInToken, longestAccessToken } from './longest-access-token.js';
import { reject } from './rejections.js';
import { publicSubject } from './subject-identifier.js';

export interface AccessToken {
  readonly value: string;
  /** Of a reference token: what introspection answers from. */
  readonly record: AccessTokenRecord | undefined;
}

/** What an access token is made of, besides what contributors see. */
export interface AccessTokenTerms {
  readonly grantId: string | undefined;
  readonly expiresAt: Seconds;
}

/**
 * Makes an access token: a JWT, or a reference where its resource wants one (AS-123).
 *
 * The claims are those of RFC 9068 §2.2, and `grant_id`, our own: the authorization that it came from,
 * with which it is revoked. No JWT is longer than what is read as one: whoever holds it could neither
 * use nor revoke it (AS-141).
 */
export async function makeAccessToken(
  context: ServerContext,
  issuing: IssuingContext,
  { grantId, expiresAt }: AccessTokenTerms,
): Promise<Result<AccessToken, Rejection>> {
  const jti = freshName('token');
  const claims = {
    ...(await contributed(context.extensions.contributors, 'accessTokenClaims', issuing)),
    iss: context.issuer,
    sub: subjectAt(context, issuing),
    aud: issuing.audiences.length === 1 ? issuing.audiences[0] : issuing.audiences,
    client_id: issuing.client.id,
    iat: issuing.now,
    exp: expiresAt,
    jti,
    ...optionalClaims(issuing),
    ...(grantId !== undefined && { grant_id: grantId }),
  } satisfies JsonObject;
  if (!context.resources.takesReferenceTokens(issuing.audiences)) {
    const value = await sign(context, claims, issuing.now);
    return value.length <= longestAccessToken
      ? accept({ value, record: undefined })
      : rejectLength(value.length, issuing);
  }
  const value = freshSecret('at');
  const hash = await hashOf(value);
  const clientId = issuing.client.id;
  return accept({ value, record: { hash, jti, grantId, clientId, claims, expiresAt } });
}

/** A client may ask for fewer details (AS-134); about anything else it can do nothing. */
function rejectLength(
  length: number,
  { authorizationDetails }: IssuingContext,
): Refused<Rejection> {
  const lengths = { expected: String(longestAccessToken), actual: String(length) };
  return length - lengthInToken(authorizationDetails) <= longestAccessToken
    ? reject('issuing.details_too_long', 'AS-133', lengths)
    : reject('issuing.too_long', 'AS-141', lengths);
}

function optionalClaims({
  scopes,
  subject,
  binding,
  authorizationDetails,
}: IssuingContext): JsonObject {
  const login = subject.kind === 'user' ? subject.login : undefined;
  return {
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(login !== undefined && { auth_time: login.authTime }),
    ...(login?.acr !== undefined && { acr: login.acr }),
    ...(login !== undefined && login.amr.length > 0 && { amr: login.amr }),
    ...(binding !== undefined && { cnf: binding.cnf }),
    ...(authorizationDetails.length > 0 && { authorization_details: authorizationDetails }),
  };
}

/** AS-181: resources see the client's own `sub` of a user, unless they are first parties. */
function subjectAt(context: ServerContext, { subject, sub, audiences }: IssuingContext): string {
  return subject.kind === 'user' && context.resources.isFirstParty(audiences)
    ? publicSubject(context, subject.localSubject)
    : sub;
}

async function sign(context: ServerContext, claims: JsonObject, now: Seconds): Promise<string> {
  const { algorithm } = context.configuration.accessTokens;
  const { kid, signer } = await context.keys.current(algorithm, now);
  return signCompactJws({ typ: 'at+jwt', kid }, claims, signer);
}
