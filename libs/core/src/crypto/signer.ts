import { encodeBase64url, encodeTextBase64url, signBytes, toPlatformKey } from '#platform';
import { exportJWK, importJWK, type CryptoKey, type JWK } from 'jose';
import {
  signatureAlgorithms,
  algorithmFitsKey,
  type SignatureAlgorithmName,
} from './algorithms.js';
import { ConfigurationError } from '../errors/faults.js';
import type { KeyPair } from './generate-key-pair.js';
import type { PrivateJwk } from './private-jwk.js';
import { parsePublicJwk, type PublicJwk } from './public-jwk.js';
import type { JsonObject } from './parse-json.js';

/** Who holds a private key: this process, a browser's key store, a KMS or an HSM. */
export interface Signer {
  readonly algorithm: SignatureAlgorithmName;
  readonly publicJwk: PublicJwk;
  /** Signs ASCII text. ECDSA signatures are r and s side by side, as JWS wants them. */
  sign(data: string): Promise<Uint8Array>;
}

/**
 * A signer for a private JWK held in this process.
 *
 * @throws ConfigurationError for a key that is weak, malformed or does not fit the algorithm.
 */
export async function signerFromJwk(
  privateJwk: JWK | PrivateJwk,
  algorithm: SignatureAlgorithmName,
): Promise<Signer> {
  const jwk = privateJwk as JWK;
  const publicJwk = publicPartOf(jwk);
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw new ConfigurationError('A signer needs an asymmetric key.');
  return signerOf(key, publicJwk, algorithm);
}

/**
 * A signer for a WebCrypto key pair; the private key need not be extractable.
 *
 * @throws ConfigurationError for a key that does not fit the algorithm.
 */
export async function signerFromKeyPair(
  pair: KeyPair,
  algorithm: SignatureAlgorithmName,
): Promise<Signer> {
  return signerOf(pair.privateKey, publicPartOf(await exportJWK(pair.publicKey)), algorithm);
}

/** Signs a JWT in compact form. RFC 7515 §7.1. Sets `alg`; the caller sets `typ` and the rest. */
export async function signCompactJws(
  header: Readonly<Record<string, unknown>>,
  payload: JsonObject | Readonly<Record<string, unknown>>,
  signer: Signer,
): Promise<string> {
  const signingInput = `${segment({ alg: signer.algorithm, ...header })}.${segment(payload)}`;
  return `${signingInput}.${encodeBase64url(await signer.sign(signingInput))}`;
}

function signerOf(key: CryptoKey, publicJwk: PublicJwk, algorithm: SignatureAlgorithmName): Signer {
  if (!algorithmFitsKey(algorithm, publicJwk)) {
    throw new ConfigurationError(
      `A ${publicJwk.kty} key cannot sign ${algorithm}; choose another.`,
    );
  }
  const handle = toPlatformKey(key);
  return {
    algorithm,
    publicJwk,
    sign: async (data) => signBytes(signatureAlgorithms[algorithm], handle, data),
  };
}

function publicPartOf(jwk: JWK): PublicJwk {
  const { kty, crv, x, y, n, e, kid } = jwk;
  const defined = Object.entries({ kty, crv, x, y, n, e, kid }).filter(
    ([, member]) => member !== undefined,
  );
  const parsed = parsePublicJwk(Object.fromEntries(defined));
  if (parsed.ok) return parsed.value;
  throw new ConfigurationError(`The signing key cannot be used: ${parsed.failure}.`);
}

function segment(value: unknown): string {
  return encodeTextBase64url(JSON.stringify(value));
}
