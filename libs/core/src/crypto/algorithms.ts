import type { PublicJwk } from './public-jwk.js';

/** A JWS signature algorithm and the keys it fits. RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2. */
export type SignatureAlgorithm =
  | {
      readonly family: 'ECDSA';
      readonly kty: 'EC';
      readonly crv: string;
      readonly digest: string;
      readonly webHash: string;
      readonly signatureLength: number;
    }
  | {
      readonly family: 'Ed25519';
      readonly kty: 'OKP';
      readonly crv: 'Ed25519';
      readonly digest: undefined;
      readonly signatureLength: 64;
    }
  | {
      readonly family: 'RSA-PSS';
      readonly kty: 'RSA';
      readonly digest: string;
      readonly webHash: string;
      readonly saltLength: number;
    }
  | {
      readonly family: 'RSASSA-PKCS1-v1_5';
      readonly kty: 'RSA';
      readonly digest: string;
      readonly webHash: string;
    };

const ecdsa = (crv: string, bits: number, signatureLength: number) =>
  ({ family: 'ECDSA', kty: 'EC', crv, ...hashes(bits), signatureLength }) as const;
const pss = (bits: number) =>
  ({ family: 'RSA-PSS', kty: 'RSA', ...hashes(bits), saltLength: bits / 8 }) as const;
const pkcs1 = (bits: number) =>
  ({ family: 'RSASSA-PKCS1-v1_5', kty: 'RSA', ...hashes(bits) }) as const;
const ed25519 = {
  family: 'Ed25519',
  kty: 'OKP',
  crv: 'Ed25519',
  digest: undefined,
  signatureLength: 64,
} as const;

function hashes(bits: number) {
  return { digest: `sha${String(bits)}`, webHash: `SHA-${String(bits)}` };
}

/** Every asymmetric algorithm that may stand in an allow-list. `none` and HMAC are not among them. */
export const signatureAlgorithms = {
  ES256: ecdsa('P-256', 256, 64),
  ES384: ecdsa('P-384', 384, 96),
  ES512: ecdsa('P-521', 512, 132),
  EdDSA: ed25519,
  Ed25519: ed25519,
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
} as const satisfies Record<string, SignatureAlgorithm>;

export type SignatureAlgorithmName = keyof typeof signatureAlgorithms;

export const signatureAlgorithmNames = Object.keys(signatureAlgorithms) as [
  SignatureAlgorithmName,
  ...SignatureAlgorithmName[],
];

/**
 * MACs stand apart, in a type of their own: no list of signature algorithms can name one, so that a
 * public key is never taken for a secret. RFC 8725 §3.1, THR-02.
 */
export const macAlgorithmNames = ['HS256'] as const;
export type MacAlgorithmName = (typeof macAlgorithmNames)[number];

/** Whether a key may be used with an algorithm: type, curve, and the key's own `alg`. RFC 8725 §3.1. */
export function algorithmFitsKey(name: SignatureAlgorithmName, jwk: PublicJwk): boolean {
  const algorithm: SignatureAlgorithm = signatureAlgorithms[name];
  if (algorithm.kty !== jwk.kty) return false;
  if ('crv' in algorithm && algorithm.crv !== jwk.crv) return false;
  return jwk.alg === undefined || sameAlgorithm(jwk.alg, name);
}

/** `EdDSA` and `Ed25519` are one algorithm for an Ed25519 key. RFC 9864 §2.2. */
function sameAlgorithm(a: string, b: string): boolean {
  return a === b || (isEd25519(a) && isEd25519(b));
}

function isEd25519(name: string): boolean {
  return name === 'EdDSA' || name === 'Ed25519';
}
