import { describe, expect, it } from '@jest/globals';
import { compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { ConfigurationError } from '../errors/faults.js';
import { signatureAlgorithmNames } from './algorithms.js';
import { signCompactJws, signerFromJwk, signerFromKeyPair } from './signer.js';

async function privateJwk(algorithm: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return exportJWK(privateKey);
}

describe('signCompactJws (RFC 7515 §7.1)', () => {
  it.each(signatureAlgorithmNames)('signs %s so that jose verifies it', async (algorithm) => {
    const signer = await signerFromJwk(await privateJwk(algorithm), algorithm);
    const jws = await signCompactJws({ typ: 'JWT' }, { sub: 'alice' }, signer);
    const key = await importJWK({ ...signer.publicJwk }, algorithm);
    const { payload, protectedHeader } = await compactVerify(jws, key);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'JWT' });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ sub: 'alice' });
  });

  it('signs with a key pair that cannot be exported', async () => {
    const pair = await generateKeyPair('ES256');
    const signer = await signerFromKeyPair(pair, 'ES256');
    const jws = await signCompactJws({}, {}, signer);
    await expect(compactVerify(jws, pair.publicKey)).resolves.toBeDefined();
  });
});

describe('signerFromJwk', () => {
  it('SHR-33 refuses an RSA key of fewer than 2048 bits', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwk = privateKey.export({ format: 'jwk' }) as JWK;
    await expect(signerFromJwk(jwk, 'RS256')).rejects.toThrow(ConfigurationError);
  });

  it('THR-24 shows the public part alone', async () => {
    const { publicJwk } = await signerFromJwk(await privateJwk('PS256'), 'PS256');
    expect(Object.keys(publicJwk).sort()).toEqual(['e', 'kty', 'n']);
  });

  it('THR-18 refuses a key that does not fit the algorithm', async () => {
    const jwk = await privateJwk('ES256');
    await expect(signerFromJwk({ ...jwk, kty: 'oct', k: 'AQ' }, 'ES256')).rejects.toThrow();
    const pair = await generateKeyPair('ES256', { extractable: true });
    await expect(signerFromKeyPair(pair, 'ES384')).rejects.toThrow(ConfigurationError);
    await expect(signerFromKeyPair(pair, 'PS256')).rejects.toThrow(ConfigurationError);
  });
});
