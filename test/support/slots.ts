import { expect } from '@jest/globals';
import type { JwsStep } from '@keybound/core';
import {
  accessToken,
  clientKey,
  hash,
  issuerKey,
  jkt,
  jwkBoundToken,
  publicPart,
  scene,
  signedRequest,
  T0,
  type TestKey,
} from '@keybound/testing';
import { underDpop, type AttackedServer } from './attacked-server.js';
import { expectRefusal, type Refusal } from './expect-refusal.js';
import { es256, forge } from './forge.js';
import type { RawResponse } from './raw-request.js';

/** A perfect message, taken apart so that one thing of it can be broken. */
export interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly key: TestKey;
}

/** A place where a resource takes a JWT. */
export interface Slot {
  readonly name: string;
  readonly refusal: Refusal;
  /** Whether the text stands in `Authorization`, where anything but token68 is no credential. */
  readonly inAuthorization: boolean;
  readonly codes: Readonly<Record<JwsStep, string>>;
  parts(): Promise<Parts>;
  /** Sends a request that is perfect but for the text in this slot. */
  send(server: AttackedServer, text: string): Promise<RawResponse>;
}

const tokenCodes = {
  size: 'token.size THR-13',
  format: 'token.format RS-13',
  header: 'token.format RS-13',
  crit: 'token.format RS-13',
  payload: 'token.format RS-13',
  typ: 'token.typ RS-10',
  alg: 'token.alg RS-13',
  key: 'token.key RS-13',
  signature: 'token.signature RS-13',
};

function tokenParts(cnf: object): Parts {
  const jti = crypto.randomUUID();
  const { issuer: iss, subject: sub, resource: aud, clientId: client_id } = scene;
  const claims = { iss, sub, aud, client_id, jti, iat: T0 - 60, exp: T0 + 600, cnf };
  return { header: { alg: 'ES256', typ: 'at+jwt', kid: 'issuer-1' }, claims, key: issuerKey };
}

export const authorizationSlot: Slot = {
  name: 'RS Authorization',
  refusal: { status: 401, scheme: 'DPoP', error: 'invalid_token' },
  inAuthorization: true,
  codes: tokenCodes,
  parts: () => Promise.resolve(tokenParts({ jkt })),
  send: async (server, text) => server.send({ headers: await underDpop(text) }),
};

const tokenForProofs = await accessToken();

export const dpopSlot: Slot = {
  name: 'DPoP header',
  refusal: { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' },
  inAuthorization: false,
  codes: {
    size: 'dpop.format DPOP-02',
    format: 'dpop.format DPOP-02',
    payload: 'dpop.format DPOP-02',
    header: 'dpop.header DPOP-02',
    crit: 'dpop.header DPOP-02',
    typ: 'dpop.typ DPOP-04',
    alg: 'dpop.alg DPOP-05',
    key: 'dpop.key DPOP-07',
    signature: 'dpop.signature DPOP-06',
  },
  parts: () => {
    const { method: htm, url: htu } = scene;
    const claims = { jti: crypto.randomUUID(), htm, htu, iat: T0, ath: hash(tokenForProofs) };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: publicPart(clientKey) };
    return Promise.resolve({ header, claims, key: clientKey });
  },
  send: async (server, text) => server.send({ headers: await underDpop(tokenForProofs, text) }),
};

export const popSlot: Slot = {
  name: 'PoP Authorization',
  refusal: { status: 401, scheme: 'PoP', error: 'invalid_token' },
  inAuthorization: true,
  codes: {
    size: 'shr.jws SHR-24',
    format: 'shr.jws SHR-24',
    header: 'shr.jws SHR-24',
    crit: 'shr.crit SHR-24',
    payload: 'shr.jws SHR-01',
    typ: 'shr.typ SHR-23',
    alg: 'shr.alg SHR-22',
    key: 'shr.alg SHR-22',
    signature: 'shr.signature SHR-20',
  },
  parts: async () => {
    const nonce = crypto.randomUUID();
    const claims = {
      at: await jwkBoundToken(),
      ts: T0,
      m: 'GET',
      u: 'api.example.com',
      p: '/orders',
      nonce,
    };
    return { header: { alg: 'ES256', typ: 'pop' }, claims, key: clientKey };
  },
  send: (server, text) => server.send({ headers: [['Authorization', `PoP ${text}`]] }),
};

export const innerTokenSlot: Slot = {
  name: 'at inside a signed HTTP request',
  refusal: { status: 401, scheme: 'PoP', error: 'invalid_token' },
  inAuthorization: false,
  codes: tokenCodes,
  parts: () => Promise.resolve(tokenParts({ jwk: publicPart(clientKey) })),
  send: async (server, text) =>
    server.send({ headers: [['Authorization', `PoP ${await signedRequest(text)}`]] }),
};

export const slots = [authorizationSlot, dpopSlot, popSlot, innerTokenSlot];

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Sends a broken message, then the genuine one with the very same claims: the first must be refused
 * with the slot's code and use up nothing, the second must pass (INV-3, INV-6).
 *
 * @param step Where it must fail, or the audit code and requirement.
 */
export async function attack(
  server: AttackedServer,
  slot: Slot,
  breakIt: (parts: Parts) => string | Promise<string>,
  step?: JwsStep | { readonly audit: string },
): Promise<void> {
  const parts = await slot.parts();
  const text = await breakIt(parts);
  const claimsBefore = server.store.claims;
  const response = await slot.send(server, text);
  const malformed = slot.inAuthorization && !token68.test(text);
  expectRefusal(
    response,
    malformed ? { ...slot.refusal, status: 400, error: 'invalid_request' } : slot.refusal,
  );
  expect(server.store.claims).toBe(claimsBefore);
  const { code, requirement } = server.audit.events.at(-1) ?? {};
  if (step !== undefined && !malformed) {
    const expected = typeof step === 'string' ? slot.codes[step] : step.audit;
    expect(`${String(code)} ${String(requirement)}`).toBe(expected);
  }
  expect((await slot.send(server, genuine(parts))).status).toBe(200);
}

export function genuine({ header, claims, key }: Parts): string {
  return forge(header, claims, es256(key));
}
