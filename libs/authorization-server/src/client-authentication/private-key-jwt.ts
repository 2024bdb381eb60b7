import {
  accept,
  refuse,
  seconds,
  spendOf,
  verifySignature,
  type Refused,
  type Rejection,
  type Result,
  type Seconds,
  type SignatureAlgorithmName,
  type SpendTimes,
  type UnverifiedJws,
  type VerificationKey,
} from '@keybound/core';
import type {
  ClientAuthentication,
  ClientAuthenticationMethod,
} from '../extension/client-authentication.js';
import type { Client } from '../extension/client.js';
import type { EndpointRequest } from '../extension/endpoint.js';
import type { ServerContext } from '../server/server-context.js';
import { checkAssertionAudience } from './check-assertion-audience.js';
import { decoyKey } from './decoy-keys.js';
import { clientAssertionOpener, type OpenedClientAssertion } from './open-client-assertion.js';
import { reject, rejectJws } from './rejections.js';

const name = 'private_key_jwt';
/** AS-85. */
const clockSkewSeconds = 10;
const maxLifetimeSeconds = 300;

/** A JWT that the client signed with its own key. RFC 7523 §2.2, §3, OpenID Connect Core §9. */
export function privateKeyJwt(context: ServerContext): ClientAuthenticationMethod {
  const open = clientAssertionOpener(context.configuration.clientAssertions);
  /** What was opened to know who it is, so that it is not opened again. */
  const opened = new WeakMap<EndpointRequest, OpenedClientAssertion>();
  return {
    name,
    metadata: {
      token_endpoint_auth_signing_alg_values_supported:
        context.configuration.clientAssertions.algorithms,
    },
    detect: (request) => {
      const assertion = open(request.parameters);
      if (assertion?.ok !== true) return assertion;
      opened.set(request, assertion.value);
      const { jws, claims } = assertion.value;
      return accept({ clientId: claims.sub, unverifiedHeader: jws.header.members });
    },
    authenticate: async (client, request) => {
      const assertion = opened.get(request);
      if (assertion === undefined) return reject('client_assertion.format', 'THR-40');
      return authenticate(context, client, assertion, request.now);
    },
  };
}

async function authenticate(
  context: ServerContext,
  client: Client,
  { jws, claims }: OpenedClientAssertion,
  now: Seconds,
): Promise<Result<ClientAuthentication, Rejection>> {
  const refused =
    checkAssertionAudience(context, client, claims.aud) ??
    checkTimes(claims, now) ??
    checkAlgorithm(client, jws.header.algorithm);
  if (refused !== undefined) return refused;

  const key = await verifyingKey(client, jws);
  if (!key.ok) return key;
  const spend = await spendOf('client-assertion', [claims.sub, claims.jti], timesOf(claims));
  return accept({
    method: name,
    confidential: true,
    provenKeys: [key.value.thumbprint],
    uses: [{ spend, replayed: reject('client_assertion.replayed', 'AS-86').failure }],
    facts: {},
  });
}

/** AS-85. A lifetime that the sender chose decides nothing about how long we remember it (THR-40). */
function checkTimes(
  { exp, iat, nbf }: OpenedClientAssertion['claims'],
  now: Seconds,
): Refused<Rejection> | undefined {
  if (exp + clockSkewSeconds <= now) {
    return reject('client_assertion.expired', 'AS-85', { actual: String(exp) });
  }
  if (exp > now + maxLifetimeSeconds) {
    return reject('client_assertion.lifetime', 'AS-85', { actual: String(exp) });
  }
  const earliest = Math.max(iat ?? 0, nbf ?? 0);
  if (earliest > now + clockSkewSeconds) {
    return reject('client_assertion.not_yet_valid', 'AS-85', { actual: String(earliest) });
  }
  return undefined;
}

/** Between which moments {@link checkTimes} lets an assertion pass. */
function timesOf({ exp, iat, nbf }: OpenedClientAssertion['claims']): SpendTimes {
  const begin = Math.max(iat ?? 0, nbf ?? 0) - clockSkewSeconds;
  const since = seconds(Math.max(exp - maxLifetimeSeconds, begin));
  return { since, until: seconds(exp + clockSkewSeconds) };
}

function checkAlgorithm(
  { metadata }: Client,
  algorithm: SignatureAlgorithmName,
): Refused<Rejection> | undefined {
  const registered = metadata.token_endpoint_auth_signing_alg;
  if (registered === undefined || registered === algorithm) return undefined;
  return reject('client_assertion.alg', 'AS-83', { expected: registered, actual: algorithm });
}

/** AS-83. Without a key that it could be, the same signature check is done for nothing (INV-7). */
async function verifyingKey(
  client: Client,
  jws: UnverifiedJws,
): Promise<Result<VerificationKey, Rejection>> {
  const { algorithm, kid } = jws.header;
  const found = (await client.keys?.find({ algorithm, kid })) ?? refuse('unknown key' as const);
  const key = found.ok ? found.value : await decoyKey(algorithm);
  const verified = await verifySignature(jws, key);
  if (!found.ok) return reject('client_assertion.key', 'AS-83', { actual: found.failure });
  return verified.ok ? found : rejectJws(verified.failure);
}
