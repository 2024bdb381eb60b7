import { createHash } from 'node:crypto';
import { signCompactJws, signerFromJwk, type Signer } from '@keybound/core';
import { scene, T0 } from './scene.js';
import { clientKey, issuerKey, publicPart, type TestKey } from './test-keys.js';

/** Members that replace those of a perfect message; `undefined` takes one away. */
export type Flaw = Readonly<Record<string, unknown>>;

/** How to sign a message, where not as its sender would. */
export interface Signing {
  readonly key?: TestKey;
  readonly header?: Flaw;
}

/** RFC 7638 SHA-256 thumbprint of a test key. */
export function thumbprint(key: TestKey): string {
  const { crv, kty, x, y } = key;
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/** The thumbprint of the well-behaved client's key. */
export const jkt = thumbprint(clientKey);

/** A signer for a test key. */
export function signerFor(key: TestKey): Promise<Signer> {
  return signerFromJwk({ ...key }, 'ES256');
}

/** A perfect access token of the trusted issuer, bound by `cnf.jkt` to the client's key. */
export async function accessToken(flaw: Flaw = {}, signing: Signing = {}): Promise<string> {
  const claims = {
    iss: scene.issuer,
    sub: scene.subject,
    aud: scene.resource,
    client_id: scene.clientId,
    scope: 'orders:read',
    jti: 'token-1',
    iat: T0 - 60,
    exp: T0 + 600,
    cnf: { jkt },
    ...flaw,
  };
  const header = { typ: 'at+jwt', kid: 'issuer-1', ...signing.header };
  return signCompactJws(header, claims, await signerFor(signing.key ?? issuerKey));
}

/** A perfect access token bound by `cnf.jwk`, for signed HTTP requests. */
export function jwkBoundToken(flaw: Flaw = {}, signing: Signing = {}): Promise<string> {
  return accessToken({ cnf: { jwk: publicPart(clientKey) }, ...flaw }, signing);
}

/**
 * A perfect DPoP proof for `GET https://api.example.com/orders`, made at T0.
 *
 * @param token Adds its `ath`.
 */
export async function dpopProof(
  flaw: Flaw = {},
  signing: Signing = {},
  token?: string,
): Promise<string> {
  const key = signing.key ?? clientKey;
  const claims = {
    jti: crypto.randomUUID(),
    htm: scene.method,
    htu: scene.url,
    iat: T0,
    ...(token !== undefined && { ath: hash(token) }),
    ...flaw,
  };
  const header = { typ: 'dpop+jwt', jwk: publicPart(key), ...signing.header };
  return signCompactJws(header, claims, await signerFor(key));
}

/** A perfect signed HTTP request for `GET https://api.example.com/orders`, made at T0. */
export async function signedRequest(
  token: string,
  flaw: Flaw = {},
  signing: Signing = {},
): Promise<string> {
  const payload = {
    at: token,
    ts: T0,
    m: scene.method,
    u: 'api.example.com',
    p: '/orders',
    nonce: crypto.randomUUID(),
    ...flaw,
  };
  const header = { typ: 'pop', ...signing.header };
  return signCompactJws(header, payload, await signerFor(signing.key ?? clientKey));
}

/** base64url of the SHA-256 of text: `ath`, `b` and the hashes of `q` and `h`. */
export function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('base64url');
}
