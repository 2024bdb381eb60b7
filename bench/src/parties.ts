import {
  signCompactJws,
  signerFromKeyPair,
  systemClock,
  thumbprintOf,
  type Signer,
} from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { issuer, issuerKeyId, origin, path, resource, subject, type Scenario } from './scenario.js';

export type Scheme = 'DPoP' | 'PoP';

/** One issuer, one client, and one token for each scheme, bound to the client's key. */
export interface Parties {
  readonly client: Signer;
  readonly tokens: Readonly<Record<Scheme, string>>;
  readonly scenario: Scenario;
}

const tokenLifetimeSeconds = 3_600;

export async function makeParties(): Promise<Parties> {
  const [issuing, client] = await Promise.all([makeSigner(), makeSigner()]);
  const jwk = client.publicJwk;
  const dpop = await issueToken(issuing, { jkt: await thumbprintOf(jwk) });
  const sample = { method: 'GET', url: origin + path, accessToken: dpop };
  return {
    client,
    tokens: { DPoP: dpop, PoP: await issueToken(issuing, { jwk }) },
    scenario: {
      issuerJwk: { ...issuing.publicJwk, kid: issuerKeyId, alg: issuing.algorithm, use: 'sig' },
      clientJwk: jwk,
      sampleProof: await makeDpopProof({ ...sample, issuedAt: systemClock.now() }, client),
    },
  };
}

async function makeSigner(): Promise<Signer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return signerFromKeyPair(await crypto.subtle.generateKey(algorithm, true, ['sign']), 'ES256');
}

/** A JWT access token with all that RFC 9068 §2.2 asks for. */
function issueToken(signer: Signer, cnf: object): Promise<string> {
  const now = systemClock.now();
  return signCompactJws(
    { typ: 'at+jwt', kid: issuerKeyId },
    {
      iss: issuer,
      sub: subject,
      aud: resource,
      client_id: 'bench-client',
      jti: crypto.randomUUID(),
      scope: 'orders:read',
      iat: now,
      exp: now + tokenLifetimeSeconds,
      cnf,
    },
    signer,
  );
}
