import { systemClock, type JsonObject } from '@keybound/core';
import { clientKey, dpopProof, publicPart, signedRequest, textIn } from '@keybound/testing';
import { byAssertion } from '../../support/client-credentials.js';
import { SuiteClient, suiteRedirectUri, type Parameters } from '../../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../../support/wire-answer.js';

type Now = () => number;

const system: Now = () => systemClock.now();

/** Parameters by which a token is bound to the key itself, as signed HTTP requests need it. */
export const keyInToken: Parameters = {
  token_type: 'pop',
  alg: 'ES256',
  key: JSON.stringify(publicPart(clientKey)),
};

/** A client that registers itself, authenticates by assertions and proves a key. */
export async function registeredClient(
  issuer: string,
  now: Now = system,
  own: JsonObject = {},
): Promise<SuiteClient> {
  const answer = await onTheWire(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [suiteRedirectUri],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicPart(clientKey)] },
      ...own,
    }),
  });
  if (answer.status !== 201) throw new Error(`Not registered: ${answer.body}`);
  const clientId = textIn(answer.json, 'client_id');
  const authentication = byAssertion({ clientId, issuer, key: clientKey, now });
  return new SuiteClient({ issuer }, { id: clientId, authentication, dpopKey: clientKey, now });
}

/** Whether the server knows what it issued. */
export async function isKnown(client: SuiteClient, tokens: JsonObject): Promise<boolean> {
  const told = await client.post('/introspect', { token: textIn(tokens, 'access_token') });
  const refreshed = await client.refresh(textIn(tokens, 'refresh_token'));
  return told.json['active'] === true && refreshed.status === 200;
}

/** A request to the API, with a proof of its own, which can be sent again and again. */
export async function provenRequest(
  issuer: string,
  token: string,
  now: Now = system,
): Promise<() => Promise<WireAnswer>> {
  const url = `${issuer}/api/whoami`;
  const proof = await dpopProof({ htm: 'GET', htu: url, iat: now() }, { key: clientKey }, token);
  const headers = { authorization: `DPoP ${token}`, dpop: proof };
  return () => onTheWire(url, { headers });
}

/** A signed HTTP request to the API, which can be sent again and again. */
export async function signedApiRequest(
  issuer: string,
  token: string,
  now: Now = system,
): Promise<() => Promise<WireAnswer>> {
  const { host, pathname, href } = new URL(`${issuer}/api/whoami`);
  const members = { ts: now(), m: 'GET', u: host, p: pathname };
  const headers = { authorization: `PoP ${await signedRequest(token, members)}` };
  return () => onTheWire(href, { headers });
}
