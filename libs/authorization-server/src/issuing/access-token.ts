import { signCompactJws, type JsonObject, type Seconds } from '@keybound/core';
import type { IssuingContext } from '../extension/contributor.js';
import { freshName, freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { AccessTokenRecord } from '../storage/grant-records.js';
import { contributed } from './contributed.js';
import type { ResourceDirectory } from './resource-directory.js';
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
 * with which it is revoked.
 */
export async function makeAccessToken(
  context: ServerContext,
  resources: ResourceDirectory,
  issuing: IssuingContext,
  { grantId, expiresAt }: AccessTokenTerms,
): Promise<AccessToken> {
  const jti = freshName('token');
  const claims = {
    ...(await contributed(context.extensions.contributors, 'accessTokenClaims', issuing)),
    iss: context.issuer,
    sub: subjectAt(context, resources, issuing),
    aud: issuing.audiences.length === 1 ? issuing.audiences[0] : issuing.audiences,
    client_id: issuing.client.id,
    iat: issuing.now,
    exp: expiresAt,
    jti,
    ...optionalClaims(issuing),
    ...(grantId !== undefined && { grant_id: grantId }),
  } satisfies JsonObject;
  if (!resources.takesReferenceTokens(issuing.audiences)) {
    return { value: await sign(context, claims, issuing.now), record: undefined };
  }
  const value = freshSecret('at');
  const hash = await hashOf(value);
  return { value, record: { hash, jti, grantId, clientId: issuing.client.id, claims, expiresAt } };
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
function subjectAt(
  context: ServerContext,
  resources: ResourceDirectory,
  { subject, sub, audiences }: IssuingContext,
): string {
  return subject.kind === 'user' && resources.isFirstParty(audiences)
    ? publicSubject(context, subject.localSubject)
    : sub;
}

async function sign(context: ServerContext, claims: JsonObject, now: Seconds): Promise<string> {
  const { algorithm } = context.configuration.accessTokens;
  const { kid, signer } = await context.keys.current(algorithm, now);
  return signCompactJws({ typ: 'at+jwt', kid }, claims, signer);
}
