import { describe, expect, it } from '@jest/globals';
import { signatureAlgorithmNames } from './algorithms.js';
import { checkSignature, decodeJws, parseJwsHeader, splitCompactJws } from './compact-jws.js';
import { generateSigner } from './generate-signer.js';
import { signCompactJws } from './signer.js';
import { importVerificationKey } from './verification-key.js';

describe('generateSigner', () => {
  it.each(signatureAlgorithmNames)('AS-210 makes a sound key for %s', async (algorithm) => {
    const signer = await generateSigner(algorithm);
    const key = await importVerificationKey(signer.publicJwk);
    const segments = splitCompactJws(await signCompactJws({}, { iss: 'a' }, signer), 4_096);
    if (!segments.ok || !key.ok) throw new Error('not a key');
    const header = parseJwsHeader(segments.value.header, () => true, new Set([algorithm]));
    if (!header.ok) throw new Error('not a header');
    const jws = decodeJws(segments.value, header.value);
    if (!jws.ok) throw new Error('not a JWS');
    expect((await checkSignature(jws.value, key.value)).ok).toBe(true);
  });

  it('AS-206 makes another key each time', async () => {
    const [one, other] = await Promise.all([generateSigner('ES256'), generateSigner('ES256')]);
    expect(one.publicJwk).not.toEqual(other.publicJwk);
  });
});
