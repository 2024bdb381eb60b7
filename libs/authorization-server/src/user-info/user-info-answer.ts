import { signCompactJws, type JsonObject, type Seconds } from '@keybound/core';
import { jsonAnswer } from '../endpoint/answers.js';
import type { Client } from '../extension/client.js';
import type { EndpointAnswer } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';

/**
 * The claims as the client registered to get them: JSON, or signed and then never plain. OpenID
 * Connect Core §5.3.2, AS-176, OIDC-37.
 *
 * @param fields Of the answer, e.g. a fresh nonce.
 */
export async function userInfoAnswer(
  context: Pick<ServerContext, 'issuer' | 'keys'>,
  client: Client,
  claims: JsonObject,
  fields: EndpointAnswer['headers'],
  now: Seconds,
): Promise<EndpointAnswer> {
  const algorithm = client.metadata.userinfo_signed_response_alg;
  const plain = jsonAnswer(200, claims, fields);
  if (algorithm === undefined) return plain;
  const { kid, signer } = await context.keys.current(algorithm, now);
  const named = { ...claims, iss: context.issuer, aud: client.id };
  const body = await signCompactJws({ typ: 'JWT', kid }, named, signer);
  const others = plain.headers.filter(([name]) => name !== 'content-type');
  return { ...plain, headers: [['content-type', 'application/jwt'], ...others], body };
}
