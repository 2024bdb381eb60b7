import { describe, expect, it } from '@jest/globals';
import { signatureAlgorithmNames } from './algorithms.js';
import { generatePrivateJwk } from './private-jwk.js';
import { signCompactJws, signerFromJwk } from './signer.js';

describe('generatePrivateJwk', () => {
  it.each(signatureAlgorithmNames)(
    'AS-210 makes a key for %s that signs again after it was written down',
    async (algorithm) => {
      const jwk = await generatePrivateJwk(algorithm);
      for (const member of Object.values(jwk)) expect(typeof member).toBe('string');
      expect(jwk).toHaveProperty('d');
      const written = JSON.parse(JSON.stringify(jwk)) as typeof jwk;
      const signer = await signerFromJwk(written, algorithm);
      expect(signer.publicJwk).not.toHaveProperty('d');
      expect(await signCompactJws({}, { iss: 'a' }, signer)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    },
  );
});
