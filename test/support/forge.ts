import { createHmac, createPrivateKey, sign, type JsonWebKey } from 'node:crypto';

/** What signs a forged message: from the signing input to the signature's octets. */
export type Signature = (signingInput: string) => Uint8Array;

/** A header or payload: an object, text that is sent as it is, or octets. */
export type Part = object | string | Uint8Array;

/** Puts a compact JWS together without any check of what goes in. */
export function forge(header: Part, payload: Part, signature: Signature): string {
  const signingInput = `${segment(header)}.${segment(payload)}`;
  return `${signingInput}.${Buffer.from(signature(signingInput)).toString('base64url')}`;
}

export function segment(part: Part): string {
  const octets =
    part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part);
  return Buffer.from(octets).toString('base64url');
}

/** ECDSA with SHA-256 by a private JWK. */
export function es256(key: object): Signature {
  const handle = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' });
  return (signingInput) =>
    sign('sha256', Buffer.from(signingInput), { key: handle, dsaEncoding: 'ieee-p1363' });
}

export function hs256(secret: string | Uint8Array): Signature {
  return (signingInput) => createHmac('sha256', secret).update(signingInput).digest();
}

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature over the same text by the same key: (r, n - s) for (r, s). */
export function malleatedTwin(jws: string): string {
  const end = jws.lastIndexOf('.') + 1;
  const signature = Buffer.from(jws.slice(end), 'base64url');
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const twin = Buffer.from((p256Order - s).toString(16).padStart(64, '0'), 'hex');
  return jws.slice(0, end) + Buffer.concat([signature.subarray(0, 32), twin]).toString('base64url');
}
